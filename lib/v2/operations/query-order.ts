import { orderSubject, type OrderRef } from '../../domain/order-ref.js';
import type { Order } from '../../domain/order.js';
import { decodeOrder } from '../decode-order.js';
import { expectEcho, type V2Operation } from '../operation.js';
import { orderFields } from './order-fields.js';

/** @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_2 */
export const queryOrder: V2Operation<OrderRef, Order> = {
  name: 'order.query',
  effect: 'none',
  path: '/pay/orderquery',
  subject: orderSubject,
  outTradeNo: ({ outTradeNo }) => outTradeNo,
  fields: orderFields,
  decode(fields, ref, leftOut) {
    const order = decodeOrder(fields, { leftOut });
    if (ref.transactionId === undefined) expectEcho(order.outTradeNo, ref.outTradeNo, 'out_trade_no');
    else expectEcho(order.transactionId, ref.transactionId, 'transaction_id');
    return order;
  },
  identity: ({ outTradeNo, subMchid }) => ({ outTradeNo, subMchid }),
};
