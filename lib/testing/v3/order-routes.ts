import { emptyAnswer, jsonAnswer, type Answer } from '../http/exchange.js';
import type { MockOrder } from '../orders/mock-order.js';
import { orderJson } from './order-json.js';
import { mchid, outTradeNo, transactionId } from './parameters.js';
import { Problem, type ProblemShape } from './problem.js';
import { route, type Call, type Route } from './route.js';

/** The order endpoints of a direct merchant, and of a service provider for its sub-merchants. */
export const ORDER_ROUTES: readonly Route[] = [
  route({
    operation: 'order.query',
    method: 'GET',
    path: '/v3/pay/transactions/id/{transaction_id}',
    inPath: { transaction_id: transactionId },
    fields: { mchid },
    merchant: 'mchid',
    answer: queryOrder,
  }),
  route({
    operation: 'order.query',
    method: 'GET',
    path: '/v3/pay/transactions/out-trade-no/{out_trade_no}',
    inPath: { out_trade_no: outTradeNo },
    fields: { mchid },
    merchant: 'mchid',
    answer: queryOrder,
  }),
  route({
    operation: 'order.close',
    method: 'POST',
    path: '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
    inPath: { out_trade_no: outTradeNo },
    fields: { mchid },
    merchant: 'mchid',
    answer: closeOrder,
  }),
  route({
    operation: 'order.query',
    method: 'GET',
    path: '/v3/pay/partner/transactions/id/{transaction_id}',
    inPath: { transaction_id: transactionId },
    fields: { sp_mchid: mchid, sub_mchid: mchid },
    merchant: 'sp_mchid',
    answer: queryOrder,
  }),
  route({
    operation: 'order.query',
    method: 'GET',
    path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}',
    inPath: { out_trade_no: outTradeNo },
    fields: { sp_mchid: mchid, sub_mchid: mchid },
    merchant: 'sp_mchid',
    answer: queryOrder,
  }),
  route({
    operation: 'order.close',
    method: 'POST',
    path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close',
    inPath: { out_trade_no: outTradeNo },
    fields: { sp_mchid: mchid, sub_mchid: mchid },
    merchant: 'sp_mchid',
    answer: closeOrder,
  }),
];

function queryOrder({ find, numbers }: Call<unknown>): Answer {
  return jsonAnswer(200, orderJson(existing(find.order(numbers))));
}

// A query may be answered with a swapped order; another one must never be closed by mistake.
function closeOrder({ orders, numbers }: Call<unknown>): Answer {
  const order = existing(orders.find(numbers));
  const refusal = refusalToClose(order);
  if (refusal !== undefined) throw new Problem(refusal);
  if (order.tradeState !== 'REVOKED') orders.close(order);
  return emptyAnswer(204);
}

function refusalToClose({ tradeState, tradeType }: MockOrder): ProblemShape | undefined {
  if (tradeState === 'SUCCESS' || tradeState === 'REFUND') return ORDER_PAID;
  if (tradeState === 'CLOSED' || tradeState === 'REVOKED') return undefined;
  if (tradeType === 'MICROPAY' || tradeState === 'USERPAYING' || tradeState === 'PAYERROR')
    return TRADE_ERROR;
  return undefined;
}

/** A paid order that would have to be unpaid. */
export const ORDER_PAID: ProblemShape = {
  status: 400,
  code: 'ORDER_PAID',
  message: '该订单已支付',
  reason: 268449538,
};

/** An order that cannot be closed, because of its kind or for the moment. */
export const TRADE_ERROR: ProblemShape = {
  status: 403,
  code: 'TRADE_ERROR',
  message: '该订单不支持关单，请使用撤销接口',
  reason: 268449641,
};

/** @throws {Problem} 404 if there is no such order */
export function existing<T>(order: T | undefined): T {
  if (order === undefined)
    throw new Problem({ status: 404, code: 'ORDER_NOT_EXIST', message: '订单不存在', reason: 268512771 });
  return order;
}
