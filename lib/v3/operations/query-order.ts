import { orderSubject, type OrderRef } from '../../domain/order-ref.js';
import type { Order } from '../../domain/order.js';
import { decodeOrder, decodePartnerOrder } from '../decode-order.js';
import { expectEcho, query, type V3Operation } from '../operation.js';
import { merchantFields, orderPath } from './order-path.js';

/**
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356 by the merchant's number
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070347 by WeChat's number
 */
export const queryOrder: V3Operation<OrderRef, Order> = {
  name: 'order.query',
  effect: 'none',
  successStatus: [200],
  subject: orderSubject,
  request: (ref, mchid) => ({
    method: 'GET',
    path: `${orderPath(ref)}?${query(merchantFields(ref, mchid))}`,
    body: '',
  }),
  decode(json, ref, { mchid, leftOut }) {
    const [order, mchidPath] =
      ref.subMchid === undefined
        ? [decodeOrder(json, '$', leftOut), '$.mchid']
        : [decodePartnerOrder(json, '$', leftOut), '$.sp_mchid'];
    expectEcho(order.mchid, mchid, mchidPath);
    expectEcho(order.subMchid, ref.subMchid, '$.sub_mchid');
    if (ref.transactionId === undefined) expectEcho(order.outTradeNo, ref.outTradeNo, '$.out_trade_no');
    else expectEcho(order.transactionId, ref.transactionId, '$.transaction_id');
    return order;
  },
  identity: ({ outTradeNo, subMchid }) => ({ outTradeNo, subMchid }),
};
