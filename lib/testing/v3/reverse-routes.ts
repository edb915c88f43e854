import { jsonAnswer, type Answer } from '../http/exchange.js';
import type { MockOrder } from '../orders/mock-order.js';
import { existing } from './order-routes.js';
import { appid, mchid, optional, outTradeNo } from './parameters.js';
import { contradiction } from './parameter-problems.js';
import { Problem } from './problem.js';
import { route, type Call, type Route } from './route.js';

const anyAppid = optional(appid);

/**
 * Reversing 付款码 orders. WeChat Pay's documents disagree on whether an ordinary merchant may do so over APIv3, and the
 * refusals are not documented: these are those of APIv2 in the spelling of APIv3.
 */
export const REVERSE_ROUTES: readonly Route[] = [
  route({
    operation: 'order.reverse',
    method: 'POST',
    path: '/v3/pay/transactions/out-trade-no/{out_trade_no}/reverse',
    inPath: { out_trade_no: outTradeNo },
    fields: { appid, mchid },
    merchant: 'mchid',
    answer(call) {
      const order = reverse(call, 'appid', call.parameters.appid);
      return jsonAnswer(200, { appid: order.appid, mchid: order.mchid, out_trade_no: order.outTradeNo });
    },
  }),
  route({
    operation: 'order.reverse',
    method: 'POST',
    path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/reverse',
    inPath: { out_trade_no: outTradeNo },
    fields: { sp_appid: anyAppid, sp_mchid: mchid, sub_appid: anyAppid, sub_mchid: mchid },
    merchant: 'sp_mchid',
    answer: reversePartnerOrder,
  }),
];

function reversePartnerOrder(
  call: Call<{ readonly sp_appid?: string; readonly sub_appid?: string }>,
): Answer {
  const { sp_appid: spAppid, sub_appid: subAppid } = call.parameters;
  const order = reverse(call, 'sp_appid', spAppid, subAppid);
  return jsonAnswer(200, {
    sp_appid: order.appid,
    sp_mchid: order.mchid,
    sub_appid: order.subAppid,
    sub_mchid: order.subMchid,
    out_trade_no: order.outTradeNo,
  });
}

function reverse(
  { orders, ages, numbers }: Call<unknown>,
  appidField: string,
  named?: string,
  subAppid?: string,
): MockOrder {
  const order = existing(orders.find(numbers));
  if (named !== undefined && named !== order.appid) throw differs(appidField);
  if (subAppid !== undefined && subAppid !== order.subAppid) throw differs('sub_appid');
  // Nothing says that this API reverses orders that were paid by face.
  const code = order.tradeType === 'FACEPAY' ? 'TRADE_ERROR' : orders.refusalToReverse(order);
  if (code !== undefined) throw new Problem({ status: 403, code, message: '该订单不支持撤销' });
  const tooYoung = ages.refusalToReverse(order);
  if (tooYoung !== undefined) throw new Problem({ status: 403, code: 'TRADE_ERROR', message: tooYoung });
  return orders.reverse(order);
}

function differs(field: string): Problem {
  return contradiction({ location: 'body', pointer: `/${field}` }, undefined, '与下单时不一致');
}
