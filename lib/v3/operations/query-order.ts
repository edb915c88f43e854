import type { Order } from '../../domain/order.js';
import { decodeOrder } from '../decode-order.js';
import { expectEcho, path, type V3Operation } from '../operation.js';

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356 */
export const queryOrderByOutTradeNo: V3Operation<{ readonly outTradeNo: string }, Order> = {
  name: 'order.query',
  successStatus: 200,
  subject: ({ outTradeNo }) => `order ${outTradeNo}`,
  request: ({ outTradeNo }, mchid) => ({
    method: 'GET',
    path: path`/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${mchid}`,
    body: '',
  }),
  decode(json, { outTradeNo }, mchid) {
    const order = decodeOrder(json, '$');
    expectEcho(order.mchid, mchid, '$.mchid');
    expectEcho(order.outTradeNo, outTradeNo, '$.out_trade_no');
    return order;
  },
};

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4013070347 */
export const queryOrderByTransactionId: V3Operation<{ readonly transactionId: string }, Order> = {
  name: 'order.query',
  successStatus: 200,
  subject: ({ transactionId }) => `WeChat order ${transactionId}`,
  request: ({ transactionId }, mchid) => ({
    method: 'GET',
    path: path`/v3/pay/transactions/id/${transactionId}?mchid=${mchid}`,
    body: '',
  }),
  decode(json, { transactionId }, mchid) {
    const order = decodeOrder(json, '$');
    expectEcho(order.mchid, mchid, '$.mchid');
    expectEcho(order.transactionId, transactionId, '$.transaction_id');
    return order;
  },
};
