import { randomBytes } from 'node:crypto';
import type { TradeType } from '../../index.js';
import { jsonAnswer } from '../exchange.js';
import type { NewMockOrder } from '../mock-order.js';
import { appid, mchid, outTradeNo } from './order-parameters.js';
import { ORDER_PAID } from './order-routes.js';
import { anything, fields, optional, positive, text, type Reader } from './parameters.js';
import { Problem } from './problem.js';
import { route, type Call, type Route } from './route.js';

interface Payer {
  readonly openid: string;
}

const prose = text({ max: 128 });
const anyProse = optional(prose);
const somebody = fields<Payer>({ openid: text({ max: 128, pattern: /^[\w-]+$/ }) });
const nobody = optional(somebody);
const currency = optional(text({ max: 16, pattern: /^CNY$/ }));
/** What every order has, whichever way it is placed; nothing is kept of the fields that may be anything. */
const ORDER = {
  appid,
  mchid,
  description: prose,
  out_trade_no: outTradeNo,
  notify_url: text({ max: 255, pattern: /^https?:\/\/[^?#]+$/ }),
  amount: fields({ total: positive, currency }),
  attach: anyProse,
  time_expire: optional(text({ max: 64, pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/ })),
  goods_tag: anyProse,
  support_fapiao: anything,
  detail: anything,
  scene_info: anything,
  settle_info: anything,
};

/** Placing an order as the app of a direct merchant does it. */
export const PREPAY_ROUTES: readonly Route[] = [
  prepayRoute('jsapi', 'JSAPI', somebody, () => ({ prepay_id: prepayId() })),
  prepayRoute('app', 'APP', nobody, () => ({ prepay_id: prepayId() })),
  prepayRoute('native', 'NATIVE', nobody, () => ({ code_url: `weixin://wxpay/bizpayurl?pr=${ticket()}` })),
];

function prepayRoute(
  way: string,
  tradeType: TradeType,
  payer: Reader<Payer | undefined>,
  answer: () => Readonly<Record<string, string>>,
): Route {
  return route({
    operation: 'order.prepay',
    method: 'POST',
    path: `/v3/pay/transactions/${way}`,
    inPath: {},
    fields: { ...ORDER, payer },
    merchant: 'mchid',
    answer({ orders, parameters }) {
      const { out_trade_no, amount, description, attach } = parameters;
      place(orders, { outTradeNo: out_trade_no, amount, description, attach, tradeType }, parameters.appid);
      return jsonAnswer(200, answer());
    },
  });
}

/** Placing an unpaid order again, the same, gives another ticket for it. */
function place(orders: Call<unknown>['orders'], order: NewMockOrder, usedAppid: string): void {
  if (usedAppid !== orders.appid)
    throw new Problem({ status: 400, code: 'APPID_MCHID_NOT_MATCH', message: 'appid和mch_id不匹配' });
  const present = orders.find(order);
  if (present === undefined) {
    orders.create(order);
    return;
  }
  const { tradeState, amount, tradeType } = present;
  if (tradeState === 'SUCCESS' || tradeState === 'REFUND') throw new Problem(ORDER_PAID);
  if (tradeState !== 'NOTPAY')
    throw new Problem({ status: 400, code: 'ORDER_CLOSED', message: '订单已关闭', reason: 268447914 });
  if (amount.total !== order.amount.total || tradeType !== order.tradeType)
    throw new Problem({ status: 400, code: 'INVALID_REQUEST', message: '商户订单号重复' });
}

function prepayId(): string {
  return `wx${ticket()}${ticket()}`;
}

function ticket(): string {
  return randomBytes(8).toString('hex');
}
