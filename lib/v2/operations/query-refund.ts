import { refundSubject, type RefundRef } from '../../domain/refunds/refund-ref.js';
import type { Refund } from '../../domain/refunds/refund.js';
import { decodeRefund, numbersAfter } from '../decode-refund.js';
import { FieldReader, UnexpectedField } from '../fields.js';
import type { V2Operation } from '../operation.js';

/** Reference to a refund, and the number of refunds of its order to skip. */
export interface RefundPageRef extends RefundRef {
  readonly offset: number;
}

/** Refund, or the number of refunds to skip next if the page of the reply has only others. */
export type RefundOnPage = { readonly refund: Refund } | { readonly nextOffset: number };

/**
 * Queries a refund. The reply lists refunds in numbered fields, ten at most: usually the requested one.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_5
 */
export const queryRefund: V2Operation<RefundPageRef, RefundOnPage> = {
  name: 'refund.query',
  path: '/pay/refundquery',
  effect: 'none',
  subject: refundSubject,
  fields: ({ outRefundNo, subMchid, subAppid, offset }) => ({
    sub_mch_id: subMchid,
    sub_appid: subAppid,
    out_refund_no: outRefundNo,
    offset: offset === 0 ? undefined : String(offset),
  }),
  decode(fields, { outRefundNo, offset }, leftOut) {
    const numbers = numbersAfter(fields, 'out_refund_no_');
    const number = numbers.find((n) => fields[`out_refund_no_${n}`] === outRefundNo);
    if (number !== undefined) return { refund: decodeRefund(fields, { suffix: `_${number}`, leftOut }) };
    const nextOffset = offset + numbers.length;
    const total = new FieldReader(fields).integer('total_refund_count') ?? 0;
    if (numbers.length > 0 && nextOffset < total) return { nextOffset };
    throw new UnexpectedField(
      '$.out_refund_no_0',
      'is not the requested one: the reply belongs to another request.',
    );
  },
  identity: (page) => ('refund' in page ? page.refund : undefined),
};
