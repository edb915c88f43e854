import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { TradeType } from '../../index.js';
import { jsonAnswer } from '../http/exchange.js';
import type { MockOrder } from '../orders/mock-order.js';
import type { MockOrders, PlacedOrder } from '../orders/orders.js';
import { ORDER_PAID } from './order-routes.js';
import { optional, type Reader } from './parameters.js';
import { orderFields, payer, type Payer } from './prepay-parameters.js';
import { Problem } from './problem.js';
import { route, type Route } from './route.js';

/** Circumstances of placing orders. */
export interface PrepayTerms {
  readonly now: () => number;
  /** Takes a `notify_url` that WeChat Pay could not reach. */
  readonly allowLocalNotifyUrl: boolean;
}

// An earlier end is moved to it, as the documents say.
const MIN_EXPIRY_MS = 60_000;
const nobody = optional(payer);

/** Placing an order as the app of a direct merchant does it. */
export function prepayRoutes(terms: PrepayTerms): readonly Route[] {
  return [
    prepayRoute(terms, 'jsapi', 'JSAPI', payer, () => ({ prepay_id: prepayId() })),
    prepayRoute(terms, 'app', 'APP', nobody, () => ({ prepay_id: prepayId() })),
    prepayRoute(terms, 'native', 'NATIVE', nobody, () => ({
      code_url: `weixin://wxpay/bizpayurl?pr=${ticket()}`,
    })),
  ];
}

function prepayRoute(
  { now, allowLocalNotifyUrl }: PrepayTerms,
  way: string,
  tradeType: TradeType,
  who: Reader<Payer | undefined>,
  answer: () => Readonly<Record<string, string>>,
): Route {
  return route({
    operation: 'order.prepay',
    method: 'POST',
    path: `/v3/pay/transactions/${way}`,
    inPath: {},
    fields: { ...orderFields(allowLocalNotifyUrl), payer: who },
    merchant: 'mchid',
    answer({ orders, parameters }) {
      const { appid, out_trade_no, amount, description, attach, time_expire } = parameters;
      if (appid !== orders.appid)
        throw new Problem({
          status: 400,
          code: 'APPID_MCHID_NOT_MATCH',
          message: 'AppID和mch_id不匹配',
        });
      place(orders, {
        outTradeNo: out_trade_no,
        amount,
        description,
        attach,
        tradeType,
        timeExpire: time_expire === undefined ? undefined : lastMoment(time_expire, now()),
        placedWith: parameters,
      });
      return jsonAnswer(200, answer());
    },
  });
}

/** Placing an unpaid order again, the same, gives another ticket for it. */
function place(orders: MockOrders, order: PlacedOrder): void {
  const present = orders.find(order);
  if (present === undefined) {
    orders.create(order);
    return;
  }
  const { tradeState } = present;
  if (tradeState === 'SUCCESS' || tradeState === 'REFUND') throw new Problem(ORDER_PAID);
  if (tradeState !== 'NOTPAY')
    throw new Problem({ status: 400, code: 'ORDER_CLOSED', message: '该订单已关闭', reason: 268447914 });
  if (!isSame(present, order))
    throw new Problem({
      status: 400,
      code: 'INVALID_REQUEST',
      message: '商户订单号重复',
      reason: 268498688,
    });
}

/** Whether every parameter is that of the first time; of an order that a test made, its amount and kind. */
function isSame(present: MockOrder, again: PlacedOrder): boolean {
  if (present.tradeType !== again.tradeType) return false;
  return present.placedWith === undefined
    ? present.amount.total === again.amount.total
    : isDeepStrictEqual(present.placedWith, again.placedWith);
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
