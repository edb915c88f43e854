import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lastValueFrom } from 'rxjs';
import {
  PlatformCertificateVerifier,
  RsaSigner,
  WxPayMerchants,
  WxPayTransportError,
  type CallOptions,
  type WxPayMerchant,
} from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { withDefaults } from '../../../lib/terminus/options.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { APPID, newOrder, OPENID } from '../../support/harness/placing.js';
import { startDeafHost, type DeafHost } from '../../support/servers/deaf-host.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

/** Options whose members are accessors of their class: they have no property of their own to spread. */
class Limits implements CallOptions {
  readonly #limits: CallOptions;

  constructor(limits: CallOptions) {
    this.#limits = limits;
  }

  get signal() {
    return this.#limits.signal;
  }

  get timeoutMs() {
    return this.#limits.timeoutMs;
  }
}

/** The same for queries that share a call. */
class Shared extends Limits {
  get share() {
    return true;
  }
}

type Call = (merchant: WxPayMerchant, options: Limits) => Promise<unknown>;

const merchants = new WxPayMerchants();
const ref = { outTradeNo: 'GETTERS-1' };
const refund = { ...ref, outRefundNo: 'R1', amount: { refund: 30, total: 100 } };
const combine = {
  combineOutTradeNo: 'GETTERS-C',
  combineAppid: APPID,
  subOrders: ['1', '2'].map((part) => ({ mchid: '1900000001', outTradeNo: `GETTERS-C${part}` })),
};
let gateway: MockWxPayGateway;
let host: DeafHost;

beforeAll(async () => {
  [gateway, host] = await Promise.all([startGateway(), startDeafHost()]);
  const shared = { hosts: [host.url], sharedMchid: true, appid: APPID, timeoutMs: 1_000 };
  merchants.register('v3', gateway.options(shared));
  merchants.register('v2', gateway.optionsV2(shared));
});
afterAll(async () => {
  host.stop();
  await gateway.stop();
  await merchants.onModuleDestroy();
});

/** Calls that make one request, and so fail with its timeout. */
const REQUESTS: [string, Call][] = [
  ['orderQuery.query', ({ orderQuery }, options) => orderQuery.query(ref, options)],
  ['orderClose.close', ({ orderClose }, options) => orderClose.close(ref, options)],
  ['prepay.native', ({ prepay }, options) => prepay.native(newOrder({ productId: 'P1' }), options)],
  ['prepay.jsapi', ({ prepay }, options) => prepay.jsapi(newOrder({ payer: { openid: OPENID } }), options)],
  ['refunds.query', ({ refunds }, options) => refunds.query({ outRefundNo: 'R1' }, options)],
  ['bills.trade', ({ bills }, options) => bills.trade({ date: '2026-01-01' }, options)],
  ['selfTest', (merchant, options) => merchant.selfTest(options)],
];

/** The same, for what only APIv3 has, or APIv2 has with a client certificate only. */
const V3_REQUESTS: [string, Call][] = [
  ['orderReverse.reverse', ({ orderReverse }, options) => orderReverse.reverse(ref, options)],
  ['refunds.refund', ({ refunds }, options) => refunds.refund(refund, options)],
  ['combineOrder.query', ({ combineOrder }, options) => combineOrder.query('GETTERS-C', options)],
  ['combineOrder.close', ({ combineOrder }, options) => combineOrder.close(combine, options)],
  ['bills.fundFlow', ({ bills }, options) => bills.fundFlow({ date: '2026-01-01' }, options)],
  ['client.request', ({ client }, options) => client.request({ method: 'GET', path: '/v3/a' }, options)],
  [
    'client.upload',
    ({ client }, options) =>
      client.upload({ path: '/v3/a', file: { name: 'a.jpg', content: Buffer.from('a') } }, options),
  ],
  [
    'client.download',
    ({ client }, options) => client.download({ url: `${host.url}/v3/billdownload/file` }, options),
  ],
];

/** Calls that may make several requests, or wait. */
const FLOWS: [string, Call][] = [
  ['orderQuery.query, shared', ({ orderQuery }, options) => orderQuery.query(ref, new Shared(options))],
  ['orderQuery.queryMany', ({ orderQuery }, options) => orderQuery.queryMany([ref], options).next()],
  ['orderSettle.settle', ({ orderSettle }, options) => orderSettle.settle(ref, options)],
  ['orderQuery.watch', ({ orderQuery }, options) => lastValueFrom(orderQuery.watch(ref, options))],
  ['refunds.watch', ({ refunds }, options) => lastValueFrom(refunds.watch({ outRefundNo: 'R1' }, options))],
];

/** The same, for what APIv2 has with a client certificate only. */
const V3_FLOWS: [string, Call][] = [
  [
    'codePay.pay',
    ({ codePay }, options) =>
      codePay.pay({ ...newOrder(), authCode: '134567890123456789', storeInfo: { outId: 'S1' } }, options),
  ],
];

describe.each(['v3', 'v2'])('a merchant of API%s, given options with getters', (api) => {
  const own = api === 'v3' ? V3_REQUESTS : [];

  it.each([...REQUESTS, ...own, ...FLOWS, ...(api === 'v3' ? V3_FLOWS : [])])(
    'aborts %s with their signal',
    async (_, call) => {
      const reason = new Error('the caller left');
      const options = new Limits({ signal: AbortSignal.abort(reason) });

      await expect(call(merchants.get(api), options)).rejects.toBe(reason);
    },
  );

  it.each([...REQUESTS, ...own])('ends %s after their timeoutMs', async (_, call) => {
    const error = await failureOf(
      WxPayTransportError,
      call(merchants.get(api), new Limits({ timeoutMs: 20 })),
    );

    expect(error).toMatchObject({ timedOut: true });
  });
});

describe('other options with getters', () => {
  it('name the appid that pay parameters are signed for', async () => {
    class OfApp {
      get appid() {
        return 'wxd678efh567hg6999';
      }
    }

    const pay = await merchants.get('v3').prepay.sign('jsapi', 'wx201410272009395522657', new OfApp());

    expect(pay).toMatchObject({ appId: 'wxd678efh567hg6999' });
  });

  it('make a verifier of platform certificates', () => {
    const { privatePem: privateKey } = rsaKeys();
    class Options {
      get mchid() {
        return '1900000001';
      }

      get signer() {
        return new RsaSigner({ privateKey, serialNo: '4A' });
      }

      get apiV3Key() {
        return 'k'.repeat(32);
      }
    }

    expect(new PlatformCertificateVerifier(new Options())).toBeInstanceOf(PlatformCertificateVerifier);
  });

  it('bound a health check', () => {
    const reasons = () => [];
    class Options {
      get strict() {
        return true;
      }

      get reasons() {
        return reasons;
      }

      get subMchid() {
        return '1900000109';
      }
    }

    expect(withDefaults(new Options())).toMatchObject({ strict: true, reasons, subMchid: '1900000109' });
  });
});
