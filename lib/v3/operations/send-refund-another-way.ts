import type { AbnormalRefundRef } from '../../domain/refunds/abnormal-refund-request.js';
import { refundSubject } from '../../domain/refunds/refund-ref.js';
import type { Refund } from '../../domain/refunds/refund.js';
import { decodeRefund } from '../decode-refund.js';
import { expectEcho, path, type V3Operation } from '../operation.js';

/** Abnormal refund, with the sensitive fields encrypted. */
export interface EncryptedAbnormalRefund extends AbnormalRefundRef {
  readonly type: string;
  /** Present if the money goes to a card of the customer. */
  readonly card?: {
    readonly bankType: string;
    /** Encrypted. */
    readonly bankAccount: string;
    /** Encrypted. */
    readonly realName: string;
    /** Identifier of the key of both. */
    readonly serialNo: string;
  };
}

/** @see https://pay.weixin.qq.com/doc/v3/partner/4017150905 */
export const sendRefundAnotherWay: V3Operation<EncryptedAbnormalRefund, Refund> = {
  name: 'refund.abnormal',
  // No document says what a repetition does.
  effect: 'once',
  advice: 'It may have been carried out: query the refund before you repeat the call.',
  stopsAt4xx: true,
  successStatus: [200],
  subject: refundSubject,
  request: ({ refundId, outRefundNo, subMchid, type, card }) => ({
    method: 'POST',
    path: path`/v3/refund/domestic/refunds/${refundId}/apply-abnormal-refund`,
    body: JSON.stringify({
      sub_mchid: subMchid,
      out_refund_no: outRefundNo,
      type,
      bank_type: card?.bankType,
      bank_account: card?.bankAccount,
      real_name: card?.realName,
    }),
    ...(card !== undefined && { serialNo: card.serialNo }),
  }),
  decode(json, request, context) {
    const refund = decodeRefund(json, request, context);
    expectEcho(refund.refundId, request.refundId, '$.refund_id');
    return refund;
  },
  identity: ({ outTradeNo, subMchid }) => ({ outTradeNo, subMchid }),
};
