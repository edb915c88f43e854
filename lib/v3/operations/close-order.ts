import { orderSubject, type CloseOrderRef } from '../../domain/order-ref.js';
import type { V3Operation } from '../operation.js';
import { merchantFields, orderPath } from './order-path.js';

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4012791860 */
export const closeOrder: V3Operation<CloseOrderRef, void> = {
  name: 'order.close',
  effect: 'idempotent',
  successStatus: [204],
  subject: orderSubject,
  outTradeNo: ({ outTradeNo }) => outTradeNo,
  request: (ref, mchid) => ({
    method: 'POST',
    path: `${orderPath(ref)}/close`,
    body: JSON.stringify(merchantFields(ref, mchid)),
  }),
  decode: () => undefined,
};
