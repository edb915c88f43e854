import type { OrderRef } from '../../domain/order-ref.js';
import { UnexpectedField } from '../fields.js';
import { expectEcho } from '../operation.js';
import type { V2Fields } from '../xml.js';

/** How a request says which order it means; WeChat's number wins where there are both. */
export function orderFields({
  outTradeNo,
  transactionId,
  subMchid,
  subAppid,
}: OrderRef): Readonly<Record<string, string | undefined>> {
  return {
    sub_mch_id: subMchid,
    sub_appid: subAppid,
    ...(transactionId === undefined ? { out_trade_no: outTradeNo } : { transaction_id: transactionId }),
  };
}

/**
 * The answers to a close and to a reversal need not name the order. One that does must name ours, and one that tells a
 * state is the answer to a query.
 */
export function expectNoOtherAnswer(fields: V2Fields, { outTradeNo, transactionId }: OrderRef): void {
  if (fields.trade_state !== undefined) {
    throw new UnexpectedField('$.trade_state', 'belongs to a query: this answers another request.');
  }
  if (fields.out_trade_no && outTradeNo) expectEcho(fields.out_trade_no, outTradeNo, 'out_trade_no');
  if (fields.transaction_id && transactionId) {
    expectEcho(fields.transaction_id, transactionId, 'transaction_id');
  }
}
