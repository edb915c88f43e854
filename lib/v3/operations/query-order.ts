import { orderSubject, type OrderRef } from '../../domain/order-ref.js';
import type { Order } from '../../domain/order.js';
import { query, type V3Operation } from '../operation.js';
import { merchantFields, orderPath } from './order-path.js';
import { readRequestedOrder } from './requested-order.js';

/**
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356 by the merchant's number
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070347 by WeChat's number
 */
export const queryOrder: V3Operation<OrderRef, Order> = {
  name: 'order.query',
  effect: 'none',
  successStatus: [200],
  subject: orderSubject,
  outTradeNo: ({ outTradeNo }) => outTradeNo,
  request: (ref, mchid) => ({
    method: 'GET',
    path: `${orderPath(ref)}?${query(merchantFields(ref, mchid))}`,
    body: '',
  }),
  decode: readRequestedOrder,
  identity: ({ outTradeNo, subMchid }) => ({ outTradeNo, subMchid }),
};
