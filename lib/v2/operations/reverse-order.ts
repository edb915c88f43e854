import { orderSubject, type OrderRef } from '../../domain/order-ref.js';
import type { ReverseReply } from '../../domain/ports/apis.js';
import { UnexpectedField } from '../fields.js';
import type { V2Operation } from '../operation.js';
import { expectNoOtherReply, orderFields, signedFor } from './order-fields.js';

/**
 * Reverses a 付款码 order. Needs the client certificate of the merchant.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011937361
 */
export const reverseOrder: V2Operation<OrderRef, ReverseReply> = {
  name: 'order.reverse',
  path: '/secapi/pay/reverse',
  // After a failure, the caller queries the order and decides whether to reverse again; the transport does not retry.
  effect: 'once',
  subject: orderSubject,
  outTradeNo: ({ outTradeNo }) => outTradeNo,
  fields: orderFields,
  decode(fields, ref) {
    expectNoOtherReply(fields, ref, ['recall', 'transaction_id']);
    const { recall } = fields;
    if (recall !== 'Y' && recall !== 'N') throw new UnexpectedField('$.recall', 'is neither Y nor N.');
    return { recall: recall === 'Y', namesOrder: false };
  },
  namesNoOrder: signedFor,
};

/**
 * Reverses an order paid by face (刷脸支付), which the endpoint for 付款码 orders cannot reverse.
 *
 * @see https://wechatpay.im/openapi/v2/secapi/pay/facepayreverse
 */
export const reverseFaceOrder: typeof reverseOrder = {
  ...reverseOrder,
  path: '/secapi/pay/facepayreverse',
};
