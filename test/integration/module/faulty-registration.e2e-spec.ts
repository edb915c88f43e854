import { describe, expect, it } from '@jest/globals';
import type { DynamicModule } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { getWxPayToken, WxPayConfigError, WxPayModule } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { useContainers } from '../../support/harness/containers.js';
import { failureOf } from '../../support/assertions/failure-of.js';

const containers = useContainers();

describe('WxPayModule, with a faulty registration', () => {
  it('does not start with a name that is already registered', async () => {
    const error = await failureOf(
      WxPayConfigError,
      containers.start(
        WxPayModule.forRoot(containers.gateway.options()),
        WxPayModule.forRoot(containers.gateway.options()),
      ),
    );

    expect(error.message).toBe(
      'WeChat Pay merchant "default": name is already registered. Give another merchant a name of its own. To use one merchant in a second module, register it once with isGlobal: true, or import the same WxPayModule.forRoot(…) value in both.',
    );
  });

  it('lists every fault at once, each with its remedy', async () => {
    const options = {
      mchid: 'mch-1',
      signer: {},
      apiV3Key: 'short',
      hosts: ['http://api.mch.weixin.qq.com'],
      timeoutMs: 0,
      maxReplyBytes: 1.5,
      userAgent: 'shop\n',
      httpService: {},
      api: 'v1',
    } as never;

    const error = await failureOf(WxPayConfigError, containers.start(WxPayModule.forRoot(options)));

    expect(error.faults.map((fault) => fault.split(' ')[0])).toEqual([
      'mchid',
      'hosts',
      'timeoutMs',
      'maxReplyBytes',
      'httpService',
      'userAgent',
      'api',
      'signer',
      'verifier',
      'apiV3Key',
    ]);
    expect(error.message).toContain('verifier must be a WxPayVerifier');
    expect(error.message).not.toContain('short');
  });

  it('lists a registered name together with the faults of the options', async () => {
    const error = await failureOf(
      WxPayConfigError,
      containers.start(
        WxPayModule.forRoot(containers.gateway.options()),
        WxPayModule.forRoot(containers.gateway.options({ mchid: 'x' })),
      ),
    );

    expect(error.faults).toHaveLength(2);
  });

  it.each([
    ['forRoot', () => WxPayModule.forRoot(undefined as never)],
    ['forRoot with null', () => WxPayModule.forRoot(null as never)],
    ['a factory', () => WxPayModule.forRootAsync({ useFactory: () => undefined as never })],
  ])('explains options that are missing in %s', async (_, register) => {
    const error = await failureOf(WxPayConfigError, containers.start(register()));

    expect(error.message).toBe(
      'WeChat Pay merchant "default": The options are missing: pass { mchid, signer, verifier }, or return them from your factory.',
    );
  });

  it.each([undefined, null, {}, { name: 'eu' }])('explains forRootAsync(%j)', (options) => {
    const register = () => WxPayModule.forRootAsync(options as never);

    expect(register).toThrow(WxPayConfigError);
    expect(register).toThrow(
      'WxPayModule.forRootAsync() needs useFactory, useClass or useExisting, which provides the options of the merchant.',
    );
  });

  it.each<[order: string, others: (gateway: MockWxPayGateway) => readonly DynamicModule[]]>([
    ['alone', () => []],
    ['before another merchant', (gateway) => [WxPayModule.forRoot({ ...gateway.options(), name: 'eu' })]],
  ])('does not start with options that depend on the request, registered %s', async (_, others) => {
    const error = await failureOf(
      WxPayConfigError,
      containers.start(
        WxPayModule.forRootAsync({ inject: [REQUEST], useFactory: () => containers.gateway.options() }),
        ...others(containers.gateway),
      ),
    );

    expect(error.message).toBe(
      'The options must not depend on the request: what forRootAsync injects, or its class, is of request scope. Register merchants once, with WxPayMerchants.register(name, options), and choose one with merchants.get(name).',
    );
  });

  it('starts although another app in the process uses the same name', async () => {
    await containers.start(WxPayModule.forRoot(containers.gateway.options()));

    await expect(containers.start(WxPayModule.forRoot(containers.gateway.options()))).resolves.toBeDefined();
  });

  it('names its services when asked for a class that it does not provide', () => {
    class Unrelated {}

    expect(() => getWxPayToken(Unrelated)).toThrow(
      'WxPayModule provides no Unrelated. It provides OrderQueryService,',
    );
  });
});
