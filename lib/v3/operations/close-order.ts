import type { CloseOrderRef } from '../../domain/order-ref.js';
import { path, type V3Operation } from '../operation.js';

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4012791860 */
export const closeOrder: V3Operation<CloseOrderRef, void> = {
  name: 'order.close',
  successStatus: 204,
  alreadyDone: ['ORDER_CLOSED'],
  subject: ({ outTradeNo }) => `order ${outTradeNo}`,
  request: ({ outTradeNo }, mchid) => ({
    method: 'POST',
    path: path`/v3/pay/transactions/out-trade-no/${outTradeNo}/close`,
    body: JSON.stringify({ mchid }),
  }),
  decode: () => undefined,
};
