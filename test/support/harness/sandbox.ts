import { afterAll, beforeAll } from '@jest/globals';
import type { MockWxPayGateway, MockWxPayGatewayOptions } from 'nestjs-wxpay/testing';
import { WxPayMerchants, type WxPayMerchant, type WxPayV3Options } from 'nestjs-wxpay';
import { startGateway } from '../servers/mock-gateway.js';

/** A gateway and a merchant that talks to it, alive for the tests of one file. */
export interface Sandbox {
  readonly gateway: MockWxPayGateway;
  readonly merchant: WxPayMerchant;
  /** Another merchant on the same gateway, with other options. */
  merchantWith(overrides: Partial<WxPayV3Options>): WxPayMerchant;
}

let registrations = 0;

/**
 * Starts a gateway before the tests of a file and ends everything after them.
 *
 * @param defaults what its merchants have otherwise; `{ maxAttempts: 1 }` where a test is about the verdict of one attempt
 */
export function useSandbox(
  options: MockWxPayGatewayOptions = {},
  defaults: Partial<WxPayV3Options> = {},
): Sandbox {
  const merchants = new WxPayMerchants();
  let gateway: MockWxPayGateway;
  let merchant: WxPayMerchant;

  beforeAll(async () => {
    gateway = await startGateway(options);
    merchant = merchants.register('default', gateway.options(defaults));
  });
  afterAll(async () => {
    await gateway.stop();
    await merchants.onModuleDestroy();
  });

  return {
    get gateway() {
      return gateway;
    },
    get merchant() {
      return merchant;
    },
    merchantWith: (overrides) =>
      merchants.register(
        `other-${++registrations}`,
        gateway.options({ ...defaults, ...overrides, sharedMchid: true }),
      ),
  };
}
