import { checkText } from '../check-text.js';
import { checkSubMerchant, type SubMerchantRef } from '../order-ref.js';

/** Reference to one refund; a plain, serialisable value. A {@link RefundRequest} and a `Refund` are valid, too. */
export interface RefundRef extends SubMerchantRef {
  /** The merchant's number of the refund. */
  readonly outRefundNo: string;
}

/** Returns the name of a refund for error messages. */
export function refundSubject({ outRefundNo, subMchid }: RefundRef): string {
  const refund = `refund ${outRefundNo}`;
  return subMchid === undefined ? refund : `${refund} of sub-merchant ${subMchid}`;
}

/** Advice after a request for a refund whose reply was lost. */
export const REPEAT_THE_SAME_REFUND =
  'The refund may have been accepted: send the same outRefundNo with the same content again, or query it. Never use a new outRefundNo: that would be a second refund.';

const OUT_REFUND_NO = /^[0-9A-Za-z_\-|*@]{1,64}$/;

/**
 * Checks a reference to a refund.
 *
 * @returns a copy of the checked members only: later changes and other members of the argument do not affect the call
 * @throws {WxPayInputError} naming the invalid number
 */
export function checkRefundRef(ref: RefundRef): RefundRef {
  const { outRefundNo } = Object(ref) as Partial<Record<keyof RefundRef, unknown>>;
  return { outRefundNo: checkOutRefundNo(outRefundNo), ...checkSubMerchant(ref) };
}

/** @throws {WxPayInputError} naming `outRefundNo` */
export function checkOutRefundNo(value: unknown): string {
  return checkText(
    OUT_REFUND_NO,
    value,
    'outRefundNo',
    '1 to 64 characters of 0-9 A-Z a-z _ - | * @, the number under which the merchant keeps the refund',
  );
}
