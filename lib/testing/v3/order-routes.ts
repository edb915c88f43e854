import { emptyReply, jsonReply, type DraftReply } from '../http/exchange.js';
import type { MockOrder } from '../orders/mock-order.js';
import { orderJson } from './order-json.js';
import { mchid, outTradeNo, transactionId } from './parameters.js';
import { Problem, type ProblemShape } from './problem.js';
import { route, type Call, type Route } from './route.js';

/** Order endpoints of direct merchants, and of service providers for their sub-merchants. */
export const ORDER_ROUTES: readonly Route[] = [
  route({
    operation: 'order.query',
    method: 'GET',
    path: '/v3/pay/transactions/id/{transaction_id}',
    inPath: { transaction_id: transactionId },
    fields: { mchid },
    merchant: 'mchid',
    reply: queryOrder,
  }),
  route({
    operation: 'order.query',
    method: 'GET',
    path: '/v3/pay/transactions/out-trade-no/{out_trade_no}',
    inPath: { out_trade_no: outTradeNo },
    fields: { mchid },
    merchant: 'mchid',
    reply: queryOrder,
  }),
  route({
    operation: 'order.close',
    method: 'POST',
    path: '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
    inPath: { out_trade_no: outTradeNo },
    fields: { mchid },
    merchant: 'mchid',
    reply: closeOrder,
  }),
  route({
    operation: 'order.query',
    method: 'GET',
    path: '/v3/pay/partner/transactions/id/{transaction_id}',
    inPath: { transaction_id: transactionId },
    fields: { sp_mchid: mchid, sub_mchid: mchid },
    merchant: 'sp_mchid',
    reply: queryOrder,
  }),
  route({
    operation: 'order.query',
    method: 'GET',
    path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}',
    inPath: { out_trade_no: outTradeNo },
    fields: { sp_mchid: mchid, sub_mchid: mchid },
    merchant: 'sp_mchid',
    reply: queryOrder,
  }),
  route({
    operation: 'order.close',
    method: 'POST',
    path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close',
    inPath: { out_trade_no: outTradeNo },
    fields: { sp_mchid: mchid, sub_mchid: mchid },
    merchant: 'sp_mchid',
    reply: closeOrder,
  }),
];

function queryOrder({ find, numbers }: Call<unknown>): DraftReply {
  return jsonReply(200, orderJson(requireOrder(find.order(numbers))));
}

// Does not use `find`: a query may return a swapped order, but the wrong order must never be closed by mistake.
function closeOrder({ orders, numbers }: Call<unknown>): DraftReply {
  const order = requireOrder(orders.find(numbers));
  const refusal = refusalToClose(order);
  if (refusal !== undefined) throw new Problem(refusal);
  if (order.tradeState !== 'REVOKED') orders.close(order);
  return emptyReply(204);
}

function refusalToClose({ tradeState, tradeType }: MockOrder): ProblemShape | undefined {
  if (tradeState === 'SUCCESS' || tradeState === 'REFUND') return ORDER_PAID;
  if (tradeState === 'CLOSED' || tradeState === 'REVOKED') return undefined;
  if (tradeType === 'MICROPAY' || tradeState === 'USERPAYING' || tradeState === 'PAYERROR') {
    return TRADE_ERROR;
  }
  return undefined;
}

/** Refusal for an order that is already paid. */
export const ORDER_PAID: ProblemShape = {
  status: 400,
  code: 'ORDER_PAID',
  message: '该订单已支付',
  reason: 268449538,
};

/** Refusal to close an order because of its type or current state. */
export const TRADE_ERROR: ProblemShape = {
  status: 403,
  code: 'TRADE_ERROR',
  message: '该订单不支持关单，请使用撤销接口',
  reason: 268449641,
};

/** Returns the order. @throws {Problem} 404 if it does not exist */
export function requireOrder<T>(order: T | undefined): T {
  if (order === undefined) {
    throw new Problem({ status: 404, code: 'ORDER_NOT_EXIST', message: '订单不存在', reason: 268512771 });
  }
  return order;
}
