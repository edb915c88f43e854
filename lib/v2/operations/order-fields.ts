import type { OrderRef } from '../../domain/order-ref.js';
import { isKnownField } from '../field-names.js';
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

/** Fields that the reply to a close or to a reversal may have. */
const OF_ANY_REPLY: ReadonlySet<string> = new Set([
  'return_code',
  'return_msg',
  'result_code',
  'result_msg',
  'err_code',
  'err_code_des',
  'appid',
  'mch_id',
  'sub_appid',
  'sub_mch_id',
  'device_info',
  'nonce_str',
  'sign',
  'sign_type',
  'out_trade_no',
]);
/** Fields of other replies that `isKnownField` does not list, as nothing is read from them. */
const OF_OTHERS = ['short_url', 'receiver'];

/**
 * Refuses a reply that answers another request than this close or reversal, which need not name the order. One that names
 * an order must name ours. A field that WeChat Pay documents for other replies, the state of a query or the number of a
 * refund for example, makes it one of those; fields that nobody has documented may be new.
 *
 * @param own fields that this reply has beside those of any reply
 */
export function expectNoOtherAnswer(
  fields: V2Fields,
  { outTradeNo, transactionId }: OrderRef,
  own: readonly string[] = [],
): void {
  for (const [name, value] of Object.entries(fields)) {
    const isForeign = (isKnownField(name) || OF_OTHERS.includes(name)) && !OF_ANY_REPLY.has(name);
    // WeChat Pay sends fields empty that do not apply.
    if (value !== '' && isForeign && !own.includes(name)) {
      throw new UnexpectedField(`$.${name}`, 'belongs to another reply: this answers another request.');
    }
  }
  if (fields.out_trade_no && outTradeNo) expectEcho(fields.out_trade_no, outTradeNo, 'out_trade_no');
  if (fields.transaction_id && transactionId) {
    expectEcho(fields.transaction_id, transactionId, 'transaction_id');
  }
}
