import { afterAll, afterEach, beforeEach } from '@jest/globals';
import { WxPayMerchants, type WxPayMerchant, type WxPayV2Options, type WxPayV3Options } from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { createMerchant } from '../../lib/merchants/create-merchant.js';
import { createShared } from '../../lib/merchants/shared.js';
import { resolveOptions } from '../../lib/merchants/resolve-options.js';
import { HostHealth } from '../../lib/transport/host-health.js';
import { generateRsaKeys } from './rsa-keys.js';

/** A port on which nobody listens. */
export const REFUSING = 'http://127.0.0.1:1';

/** A main host and a backup with order T1, new for each test, and merchants that know both. */
export interface TwoHosts {
  readonly main: MockWxPayGateway;
  readonly backup: MockWxPayGateway;
  readonly merchants: WxPayMerchants;
  merchantWith(overrides?: Partial<WxPayV3Options>): WxPayMerchant;
  /** A merchant of APIv2. */
  v2MerchantWith(overrides?: Partial<WxPayV2Options>): WxPayMerchant;
  /** A merchant that knows no other, and whose memory of the hosts goes by a clock of the test, in milliseconds. */
  merchantByClock(clock: { readonly ms: number }): WxPayMerchant;
  /** Starts a host again that was stopped, under the same address. */
  restart(gateway: MockWxPayGateway): Promise<void>;
}

/** Starts and ends both hosts around each test of a file. */
export function useTwoHosts(): TwoHosts {
  const keys = {
    merchantPrivateKey: generateRsaKeys().privatePem,
    platformPrivateKey: generateRsaKeys().privatePem,
    merchantSerialNo: '4A',
    publicKeyId: 'PUB_KEY_ID_1',
    apiV2Key: 'k'.repeat(32),
  };
  let main: MockWxPayGateway;
  let backup: MockWxPayGateway;
  let merchants: WxPayMerchants;
  let registrations = 0;
  const running: MockWxPayGateway[] = [];
  const apart: WxPayMerchant[] = [];

  async function start(port = 0): Promise<MockWxPayGateway> {
    const gateway = await MockWxPayGateway.start({ keys, port });
    running.push(gateway);
    gateway.orders.create({ outTradeNo: 'T1', amount: { total: 1 } });
    return gateway;
  }
  async function end(): Promise<void> {
    await Promise.all(running.splice(0).map((gateway) => gateway.stop()));
    await merchants?.onModuleDestroy();
    await Promise.all(apart.splice(0).map((merchant) => merchant.close()));
  }

  beforeEach(async () => {
    main = await start();
    backup = await start();
    merchants = new WxPayMerchants();
  });
  afterEach(end);
  afterAll(end);

  return {
    get main() {
      return main;
    },
    get backup() {
      return backup;
    },
    get merchants() {
      return merchants;
    },
    merchantWith: (overrides = {}) =>
      merchants.register(
        `merchant-${++registrations}`,
        main.options({ hosts: [main.url, backup.url], ...overrides }),
      ),
    v2MerchantWith: (overrides = {}) =>
      merchants.register(
        `merchant-${++registrations}`,
        main.optionsV2({ hosts: [main.url, backup.url], ...overrides }),
      ),
    merchantByClock(clock) {
      const options = main.options({ hosts: [main.url, backup.url] });
      const health = new HostHealth(() => clock.ms);
      const merchant = createMerchant('apart', resolveOptions('apart', options, []), {
        ...createShared(),
        healths: { for: () => health },
      });
      apart.push(merchant);
      return merchant;
    },
    async restart({ url }) {
      await start(Number(new URL(url).port));
    },
  };
}
