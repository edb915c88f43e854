import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { TradeType } from '../../index.js';
import { jsonReply } from '../http/exchange.js';
import type { MockOrder } from '../orders/mock-order.js';
import type { MockOrders, PlacedOrder } from '../orders/orders.js';
import { ORDER_PAID } from './order-routes.js';
import { optional, type Reader } from './parameters.js';
import { orderParameters, payer, type Payer } from './prepay-parameters.js';
import { Problem } from './problem.js';
import { route, type Route } from './route.js';

/** Options of the prepay endpoints. */
export interface PrepayTerms {
  readonly now: () => number;
  /** Accepts a `notify_url` that WeChat Pay could not reach. */
  readonly allowLocalNotifyUrl: boolean;
}

// Minimum time to pay; an earlier `time_expire` is moved to it, as documented.
const MIN_EXPIRY_MS = 60_000;
const optionalPayer = optional(payer);

/** Creates the endpoints with which a direct merchant places orders. */
export function prepayRoutes(terms: PrepayTerms): readonly Route[] {
  return [
    prepayRoute(terms, 'jsapi', 'JSAPI', payer, () => ({ prepay_id: prepayId() })),
    prepayRoute(terms, 'app', 'APP', optionalPayer, () => ({ prepay_id: prepayId() })),
    prepayRoute(terms, 'native', 'NATIVE', optionalPayer, () => ({
      code_url: `weixin://wxpay/bizpayurl?pr=${ticket()}`,
    })),
  ];
}

function prepayRoute(
  { now, allowLocalNotifyUrl }: PrepayTerms,
  pathSegment: string,
  tradeType: TradeType,
  payerReader: Reader<Payer | undefined>,
  content: () => Readonly<Record<string, string>>,
): Route {
  return route({
    operation: 'order.prepay',
    method: 'POST',
    path: `/v3/pay/transactions/${pathSegment}`,
    inPath: {},
    fields: { ...orderParameters(allowLocalNotifyUrl), payer: payerReader },
    merchant: 'mchid',
    reply({ orders, parameters }) {
      const { appid, out_trade_no, amount, description, attach, time_expire } = parameters;
      if (appid !== orders.appid) {
        throw new Problem({
          status: 400,
          code: 'APPID_MCHID_NOT_MATCH',
          message: 'AppID和mch_id不匹配',
        });
      }
      place(orders, {
        outTradeNo: out_trade_no,
        amount,
        description,
        attach,
        tradeType,
        timeExpire: time_expire === undefined ? undefined : lastMoment(time_expire, now()),
        placedWith: parameters,
      });
      return jsonReply(200, content());
    },
  });
}

/** Places an order. Placing the same unpaid order again returns a new ticket for it. */
function place(orders: MockOrders, order: PlacedOrder): void {
  const existing = orders.find(order);
  if (existing === undefined) {
    orders.create(order);
    return;
  }
  const { tradeState } = existing;
  if (tradeState === 'SUCCESS' || tradeState === 'REFUND') throw new Problem(ORDER_PAID);
  if (tradeState !== 'NOTPAY') {
    throw new Problem({ status: 400, code: 'ORDER_CLOSED', message: '该订单已关闭', reason: 268447914 });
  }
  if (!hasSameParameters(existing, order)) {
    throw new Problem({
      status: 400,
      code: 'INVALID_REQUEST',
      message: '商户订单号重复',
      reason: 268498688,
    });
  }
}

/** Returns true if all parameters are those of the first request; for an order created by a test, amount and type. */
function hasSameParameters(existing: MockOrder, again: PlacedOrder): boolean {
  if (existing.tradeType !== again.tradeType) return false;
  return existing.placedWith === undefined
    ? existing.amount.total === again.amount.total
    : isDeepStrictEqual(existing.placedWith, again.placedWith);
}

function lastMoment(timeExpire: string, now: number): Date {
  return new Date(Math.max(Date.parse(timeExpire), now + MIN_EXPIRY_MS));
}

function prepayId(): string {
  return `wx${ticket()}${ticket()}`;
}

function ticket(): string {
  return randomBytes(8).toString('hex');
}
