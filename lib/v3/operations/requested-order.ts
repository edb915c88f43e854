import type { OrderRef } from '../../domain/order-ref.js';
import type { Order } from '../../domain/order.js';
import { decodeOrder, decodePartnerOrder } from '../decode-order.js';
import { expectEcho, type DecodeContext } from '../operation.js';

/** Reads an order from a reply, and checks that it is the requested one. */
export function readRequestedOrder(json: unknown, ref: OrderRef, { mchid, leftOut }: DecodeContext): Order {
  const [order, mchidPath] =
    ref.subMchid === undefined
      ? [decodeOrder(json, '$', leftOut), '$.mchid']
      : [decodePartnerOrder(json, '$', leftOut), '$.sp_mchid'];
  expectEcho(order.mchid, mchid, mchidPath);
  expectEcho(order.subMchid, ref.subMchid, '$.sub_mchid');
  if (ref.transactionId === undefined) expectEcho(order.outTradeNo, ref.outTradeNo, '$.out_trade_no');
  else expectEcho(order.transactionId, ref.transactionId, '$.transaction_id');
  return order;
}
