import { emptyAnswer, jsonAnswer } from '../exchange.js';
import type { MockOrder } from '../mock-order.js';
import { orderJson } from './order-json.js';
import { Problem, type ProblemShape } from './problem.js';
import type { Call, Field, Route } from './route.js';

const OUT_TRADE_NO: Field = ['out_trade_no', /^[0-9A-Za-z_\-|*@]{1,32}$/];
const TRANSACTION_ID: Field = ['transaction_id', /^[0-9A-Za-z_-]{1,32}$/];
const MCHID: Field = ['mchid', /^\d{1,32}$/];

/** The order endpoints of a direct merchant. */
export const ORDER_ROUTES: readonly Route[] = [
  {
    operation: 'order.query',
    method: 'GET',
    path: '/v3/pay/transactions/id/{transaction_id}',
    inPath: [TRANSACTION_ID],
    fields: [MCHID],
    merchant: 'mchid',
    answer: (call) => jsonAnswer(200, orderJson(existing(call))),
  },
  {
    operation: 'order.query',
    method: 'GET',
    path: '/v3/pay/transactions/out-trade-no/{out_trade_no}',
    inPath: [OUT_TRADE_NO],
    fields: [MCHID],
    merchant: 'mchid',
    answer: (call) => jsonAnswer(200, orderJson(existing(call))),
  },
  {
    operation: 'order.close',
    method: 'POST',
    path: '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
    inPath: [OUT_TRADE_NO],
    fields: [MCHID],
    merchant: 'mchid',
    answer: closeOrder,
  },
];

function closeOrder(call: Call) {
  const order = existing(call);
  const refusal = refusalToClose(order);
  if (refusal !== undefined) throw new Problem(refusal);
  if (order.tradeState !== 'REVOKED') call.orders.close(order.outTradeNo);
  return emptyAnswer(204);
}

function refusalToClose({ tradeState, tradeType }: MockOrder): ProblemShape | undefined {
  if (tradeState === 'SUCCESS' || tradeState === 'REFUND')
    return { status: 400, code: 'ORDER_PAID', message: '订单已支付', reason: 268449538 };
  if (tradeState === 'CLOSED' || tradeState === 'REVOKED') return undefined;
  if (tradeType === 'MICROPAY' || tradeState === 'USERPAYING' || tradeState === 'PAYERROR')
    return {
      status: 403,
      code: 'TRADE_ERROR',
      message: '该订单不支持关单，请使用撤销接口',
      reason: 268449641,
    };
  return undefined;
}

function existing({ parameters, found }: Call): MockOrder {
  const { out_trade_no: outTradeNo, transaction_id: transactionId } = parameters;
  const order =
    transactionId === undefined ? found.byOutTradeNo(outTradeNo ?? '') : found.byTransactionId(transactionId);
  if (order === undefined)
    throw new Problem({ status: 404, code: 'ORDER_NOT_EXIST', message: '订单不存在', reason: 268512771 });
  return order;
}
