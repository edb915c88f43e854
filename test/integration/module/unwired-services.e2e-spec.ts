import { describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import * as api from 'nestjs-wxpay';
import { WxPayConfigError, WxPayMerchants } from 'nestjs-wxpay';
import { OrderTracker } from 'nestjs-wxpay/bullmq';
import { failureOf } from '../../support/assertions/failure-of.js';

/** Every class that WxPayModule makes for a merchant, those of later versions too. */
const SERVICES = Object.entries(api).filter(([name]) => /Service$|^WxPayClient$|^WxPayMerchant$/.test(name));

describe('an app that lists a service of the module in its own providers', () => {
  it.each(SERVICES)('does not start with %s, and names the module to import', async (name, service) => {
    // Sound: the names above are those of classes.
    const app = Test.createTestingModule({ providers: [service as unknown as Type] });

    const { message } = await failureOf(WxPayConfigError, app.compile());

    expect(message).toBe(
      `${name} is provided by WxPayModule: remove it from providers. If WxPayModule is registered already, add isGlobal: true there, or export WxPayModule from that module and import the module here; if not, import WxPayModule.forRoot({ … }) or WxPayModule.forRootAsync({ … }).`,
    );
  });

  it('does not start with OrderTracker, and names the module to import', async () => {
    const app = Test.createTestingModule({ providers: [OrderTracker] });

    const { message } = await failureOf(WxPayConfigError, app.compile());

    expect(message).toBe(
      'OrderTracker is provided by OrderTrackingModule: remove it from providers, and import OrderTrackingModule.forRoot({ … }) once, with isGlobal: true if other modules inject it.',
    );
  });

  it('explains an empty WxPayMerchants at its first use', async () => {
    const app = await Test.createTestingModule({ providers: [WxPayMerchants] }).compile();

    expect(() => app.get(WxPayMerchants).get()).toThrow(
      'An app that lists WxPayMerchants in providers has an empty registry of its own',
    );
  });
});
