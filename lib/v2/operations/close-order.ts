import { orderSubject, type CloseOrderRef } from '../../domain/order-ref.js';
import type { V2Operation } from '../operation.js';
import { expectNoOtherReply, orderFields, signedFor } from './order-fields.js';

/** @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_3 */
export const closeOrder: V2Operation<CloseOrderRef, void> = {
  name: 'order.close',
  effect: 'idempotent',
  path: '/pay/closeorder',
  subject: orderSubject,
  outTradeNo: ({ outTradeNo }) => outTradeNo,
  fields: orderFields,
  decode: (fields, ref) => expectNoOtherReply(fields, ref),
  namesNoOrder: signedFor,
};
