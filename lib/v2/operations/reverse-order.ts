import { orderSubject, type OrderRef } from '../../domain/order-ref.js';
import type { V2Operation } from '../operation.js';
import { orderFields } from './order-fields.js';

/**
 * Needs the client certificate of the merchant.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011937361
 */
export const reverseOrder: V2Operation<OrderRef, { readonly recall: boolean }> = {
  name: 'order.reverse',
  path: '/secapi/pay/reverse',
  subject: orderSubject,
  fields: orderFields,
  decode: ({ recall }) => ({ recall: recall === 'Y' }),
};
