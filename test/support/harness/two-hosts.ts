import { afterAll, afterEach, beforeEach } from '@jest/globals';
import {
  WxPayConfigError,
  WxPayMerchant,
  WxPayMerchants,
  type WxPayV2Options,
  type WxPayV3Options,
} from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { createInternals } from '../../../lib/merchants/create-internals.js';
import type { MerchantInternals } from '../../../lib/merchants/merchant.js';
import { createContainerState } from '../../../lib/merchants/container-state.js';
import { resolveOptions } from '../../../lib/merchants/resolve-options.js';
import { HostHealth } from '../../../lib/transport/retry/host-health.js';
import { rsaKeys } from '../fixtures/rsa-keys.js';
import { startGateway } from '../servers/mock-gateway.js';

/** A port on which nobody listens. */
export const REFUSING = 'http://127.0.0.1:1';

/** A main host and its backup with order T1, new for each test, and merchants that know both. */
export interface TwoHosts {
  readonly main: MockWxPayGateway;
  readonly backup: MockWxPayGateway;
  readonly merchants: WxPayMerchants;
  merchantWith(overrides?: Partial<WxPayV3Options>): WxPayMerchant;
  /** A merchant of APIv2. */
  v2MerchantWith(overrides?: Partial<WxPayV2Options>): WxPayMerchant;
  /** A merchant that knows no other, and whose memory of the hosts goes by a clock of the test, in milliseconds. */
  merchantByClock(clock: { readonly ms: number }): WxPayMerchant;
}

/** Starts and ends both hosts around each test of a file. */
export function useTwoHosts(): TwoHosts {
  const keys = {
    merchantPrivateKey: rsaKeys().privatePem,
    platformPrivateKey: rsaKeys().privatePem,
    merchantSerialNo: '4A',
    publicKeyId: 'PUB_KEY_ID_1',
    apiV2Key: 'k'.repeat(32),
  };
  let main: MockWxPayGateway;
  let backup: MockWxPayGateway;
  let merchants: WxPayMerchants;
  let registrations = 0;
  const apart: MerchantInternals[] = [];

  async function end(): Promise<void> {
    await Promise.all([main?.stop(), backup?.stop()]);
    await merchants?.onModuleDestroy();
    await Promise.all(apart.splice(0).map((internals) => internals.close()));
  }

  beforeEach(async () => {
    main = await startGateway({ keys, ageRules: false });
    main.orders.create({ outTradeNo: 'T1', amount: { total: 1 } });
    backup = await main.startBackup();
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
        main.options({ hosts: [main.url, backup.url], sharedMchid: true, ...overrides }),
      ),
    v2MerchantWith: (overrides = {}) =>
      merchants.register(
        `merchant-${++registrations}`,
        main.optionsV2({ hosts: [main.url, backup.url], sharedMchid: true, ...overrides }),
      ),
    merchantByClock(clock) {
      const options = main.options({ hosts: [main.url, backup.url] });
      const health = new HostHealth(() => clock.ms);
      const internals = createInternals('apart', resolveOptions('apart', options, []), {
        ...createContainerState(),
        healths: { for: () => health },
      });
      apart.push(internals);
      return new WxPayMerchant({
        name: 'apart',
        find: () => internals,
        notRegistered: () => new WxPayConfigError(['apart']),
      });
    },
  };
}
