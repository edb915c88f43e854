import type { OrderRef } from '../../domain/order-ref.js';
import { expectEcho, type V2Operation } from '../operation.js';
import { orderFields } from './order-fields.js';

/**
 * Queries a random order number that was never placed: APIv2 has no endpoint for tests. The signed "does not exist" proves the key.
 */
export const queryRandomOrder: V2Operation<OrderRef, void> = {
  name: 'selfTest',
  effect: 'none',
  isSelfTest: true,
  path: '/pay/orderquery',
  subject: () => 'a random order',
  fields: orderFields,
  decode(fields, { outTradeNo }) {
    expectEcho(fields.out_trade_no, outTradeNo, 'out_trade_no');
  },
  decodeRefusal(refusal) {
    if (refusal.kind !== 'order-not-found') throw refusal;
  },
};
