import { orderSubject, type CloseOrderRef } from '../../domain/order-ref.js';
import type { V2Close } from '../operation.js';
import { expectNoOtherAnswer, orderFields } from './order-fields.js';

/** @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_3 */
export const closeOrder: V2Close<CloseOrderRef> = {
  name: 'order.close',
  path: '/pay/closeorder',
  alreadyDone: ['ORDER_CLOSED'],
  subject: orderSubject,
  fields: orderFields,
  decode: (fields, ref) => expectNoOtherAnswer(fields, ref),
};
