import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { TradeState } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import {
  CLOSE_A1,
  handSign,
  MERCHANT_BODY,
  QUERY_A1,
  send,
  type RawReply,
} from '../signing/hand-signed-request.js';
import { handSignV2, sendV2, type V2Claims, type V2Reply } from '../signing/hand-signed-v2.js';
import { startGateway } from '../servers/mock-gateway.js';

/** A gateway alive for the tests of one file, with order `OTHER` and a new order for each test. */
export interface OrderAtGateway {
  readonly gateway: MockWxPayGateway;
  /** The number of the order that is asked about. */
  no: string;
  readonly query: (signal?: AbortSignal) => Promise<RawReply>;
  readonly close: (signal?: AbortSignal) => Promise<RawReply>;
  /** Over APIv2, signed with HMAC-SHA256 unless told otherwise. */
  readonly queryV2: (signType?: V2Claims['signType']) => Promise<V2Reply>;
  readonly closeV2: () => Promise<V2Reply>;
  readonly state: () => TradeState | undefined;
}

/** Starts the gateway before the tests of a file, places an order before each, and stops the gateway after them. */
export function useOrderAtGateway(): OrderAtGateway {
  let gateway: MockWxPayGateway;
  let serial = 0;

  beforeAll(async () => {
    gateway = await startGateway({ ageRules: false });
    gateway.orders.create({ outTradeNo: 'OTHER', amount: { total: 1 } });
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    at.no = gateway.orders.create({ outTradeNo: `B${++serial}`, amount: { total: 100 } }).outTradeNo;
  });

  const overV2 = (path: string, signType: V2Claims['signType'] = 'HMAC-SHA256') =>
    sendV2(gateway, handSignV2(gateway, { path, fields: { out_trade_no: at.no }, signType }));
  const at: OrderAtGateway = {
    get gateway() {
      return gateway;
    },
    no: '',
    query: (signal) => send(gateway, handSign(gateway, { path: QUERY_A1.replace('A1', at.no) }), signal),
    close: (signal) => {
      const closing = { method: 'POST', path: CLOSE_A1.replace('A1', at.no), body: MERCHANT_BODY };
      return send(gateway, handSign(gateway, closing), signal);
    },
    queryV2: (signType) => overV2('/pay/orderquery', signType),
    closeV2: () => overV2('/pay/closeorder'),
    state: () => gateway.orders.get(at.no)?.tradeState,
  };
  return at;
}
