import { jsonReply, type DraftReply } from '../http/exchange.js';
import type { MockOrder } from '../orders/mock-order.js';
import { requireOrder } from './order-routes.js';
import { appid, mchid, optional, outTradeNo } from './parameters.js';
import { contradictoryParameter } from './parameter-problems.js';
import { Problem } from './problem.js';
import { route, type Call, type Route } from './route.js';

const anyAppid = optional(appid);

/**
 * Endpoints that reverse 付款码 orders. WeChat Pay's documents disagree on whether an ordinary merchant may use them, and the
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
    reply(call) {
      const order = reverse(call, 'appid', call.parameters.appid);
      return jsonReply(200, { appid: order.appid, mchid: order.mchid, out_trade_no: order.outTradeNo });
    },
  }),
  route({
    operation: 'order.reverse',
    method: 'POST',
    path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/reverse',
    inPath: { out_trade_no: outTradeNo },
    fields: { sp_appid: anyAppid, sp_mchid: mchid, sub_appid: anyAppid, sub_mchid: mchid },
    merchant: 'sp_mchid',
    reply: reversePartnerOrder,
  }),
];

function reversePartnerOrder(
  call: Call<{ readonly sp_appid?: string; readonly sub_appid?: string }>,
): DraftReply {
  const { sp_appid: spAppid, sub_appid: subAppid } = call.parameters;
  const order = reverse(call, 'sp_appid', spAppid, subAppid);
  return jsonReply(200, {
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
  const order = requireOrder(orders.find(numbers));
  if (named !== undefined && named !== order.appid) throw differs(appidField);
  if (subAppid !== undefined && subAppid !== order.subAppid) throw differs('sub_appid');
  // No document says that this API reverses face orders.
  const code = order.tradeType === 'FACEPAY' ? 'TRADE_ERROR' : orders.refusalToReverse(order);
  if (code !== undefined) throw new Problem({ status: 403, code, message: '该订单不支持撤销' });
  const ageRefusal = ages.refusalToReverse(order);
  if (ageRefusal !== undefined) throw new Problem({ status: 403, code: 'TRADE_ERROR', message: ageRefusal });
  return orders.reverse(order);
}

function differs(field: string): Problem {
  return contradictoryParameter({ location: 'body', pointer: `/${field}` }, undefined, '与下单时不一致');
}
