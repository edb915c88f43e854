import { afterAll, afterEach, beforeAll, beforeEach, jest } from '@jest/globals';
import {
  WxPayMerchants,
  type CodePayment,
  type CodePayOptions,
  type CodePayRequest,
  type WxPayMerchant,
} from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { inVirtualTime, useVirtualTime } from './virtual-time.js';
import { startGateway } from '../servers/mock-gateway.js';

export const APIS = ['v3', 'v2'] as const;
export type Api = (typeof APIS)[number];

/** A till whose merchant has an appid and may reverse, with the gateway that it talks to. */
export interface Till {
  readonly gateway: MockWxPayGateway;
  readonly merchant: WxPayMerchant;
  /** What was asked about an order, such as `order.codePay`, the oldest first. */
  readonly operations: (order: { readonly outTradeNo: string }) => (string | undefined)[];
}

/** Tills of both APIs, alive for the tests of one file. */
export interface Counter {
  readonly merchants: WxPayMerchants;
  at(api: Api): Till;
  inVirtualTime<T>(promise: Promise<T>): Promise<T>;
  /** Charges the customer of a till in virtual time. */
  pay(api: Api, request: CodePayRequest, options?: CodePayOptions): Promise<CodePayment>;
}

/** Timeouts that a slow machine cannot reach, as virtual time passes fast. */
const PATIENT = { timeoutMs: 20_000, attemptTimeoutMs: 15_000 };
let serial = 0;

/** The payment of a coffee, under a number of its own. */
export function coffee(authCode: string, request: Partial<CodePayRequest> = {}): CodePayRequest {
  return {
    outTradeNo: `COFFEE${++serial}`,
    description: 'coffee',
    amount: { total: 1_800 },
    authCode,
    storeInfo: { outId: 'S1' },
    ...request,
  };
}

/** Starts the gateways before the tests of a file, and ends everything after them. */
export function useCounter(): Counter {
  const merchants = new WxPayMerchants();
  const tills = new Map<Api, Till>();

  beforeAll(async () => {
    const now = (): number => Date.now();
    // A reversal of APIv2 needs a client certificate.
    const [v3, v2] = await Promise.all([startGateway({ now }), startGateway({ now, https: true })]);
    const appid = 'wx8888888888888888';
    tills.set('v3', tillOf(v3, merchants.register('v3', v3.options({ ...PATIENT, appid }))));
    tills.set('v2', tillOf(v2, merchants.register('v2', v2.optionsV2({ ...PATIENT, sharedMchid: true }))));
  });
  afterAll(async () => {
    await merchants.onModuleDestroy();
    await Promise.all([...tills.values()].map(({ gateway }) => gateway.stop()));
  });
  beforeEach(useVirtualTime);
  afterEach(() => {
    jest.useRealTimers();
  });

  const at = (api: Api): Till => {
    const till = tills.get(api);
    if (till === undefined) throw new Error('The tills open before the first test.');
    return till;
  };
  return {
    merchants,
    at,
    inVirtualTime,
    pay: (api, request, options) => inVirtualTime(at(api).merchant.codePay.pay(request, options)),
  };
}

function tillOf(gateway: MockWxPayGateway, merchant: WxPayMerchant): Till {
  return {
    gateway,
    merchant,
    operations: ({ outTradeNo }) =>
      gateway.requests.filter((each) => each.outTradeNo === outTradeNo).map(({ operation }) => operation),
  };
}
