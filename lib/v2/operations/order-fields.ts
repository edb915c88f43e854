import type { OrderRef } from '../../domain/order-ref.js';
import { isKnownField } from '../field-names.js';
import { UnexpectedField } from '../fields.js';
import { expectEcho, type ReplyOfOrder } from '../operation.js';
import type { V2Fields } from '../xml.js';

/** Returns the fields that identify an order; WeChat's number takes precedence over the merchant's. */
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

/** Fields that the reply to a close or a reversal may have. */
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
/** Fields of other replies that `isKnownField` does not list, because no code reads them. */
const OF_OTHERS = ['short_url', 'receiver'];

/**
 * Refuses a reply that belongs to another request than this close or reversal. The reply to either need not name the order;
 * if it does, it must name the requested one. A field that WeChat Pay documents only for other replies, such as the state in
 * a query or the number of a refund, shows that the reply is not ours. Undocumented fields are accepted, as they may be new.
 *
 * @param own fields that this reply may have besides those of any reply
 */
export function expectNoOtherReply(
  fields: V2Fields,
  { outTradeNo, transactionId }: OrderRef,
  own: readonly string[] = [],
): void {
  for (const [name, value] of Object.entries(fields)) {
    const isForeign = (isKnownField(name) || OF_OTHERS.includes(name)) && !OF_ANY_REPLY.has(name);
    // WeChat Pay sends inapplicable fields empty.
    if (value !== '' && isForeign && !own.includes(name)) {
      throw new UnexpectedField(`$.${name}`, 'belongs to the reply to another request.');
    }
  }
  if (fields.out_trade_no && outTradeNo) expectEcho(fields.out_trade_no, outTradeNo, 'out_trade_no');
  if (fields.transaction_id && transactionId) {
    expectEcho(fields.transaction_id, transactionId, 'transaction_id');
  }
}

/**
 * Identifies the reply to a close or a reversal by its signature, which covers a random `nonce_str`. Without that, the replies
 * about all orders would be the same.
 */
export function signedFor({ nonce_str: nonce, sign }: V2Fields, order: OrderRef): ReplyOfOrder {
  return { order, identifiedBy: nonce ? sign : undefined };
}
