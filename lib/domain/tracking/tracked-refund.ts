import { DEFAULT_MERCHANT } from '../../rules/default-merchant.js';
import { orderKey } from '../order-key.js';
import { checkRefundRef, type RefundRef } from '../refunds/refund-ref.js';

/** Refund that is asked about until it is final. A plain value. */
export interface TrackedRefund {
  readonly ref: RefundRef;
  /** The registered name of the merchant; `default` for the default one. */
  readonly merchant: string;
}

/**
 * Checks a refund that the app tracks.
 *
 * @returns a copy of the checked members only
 * @throws {WxPayInputError} naming the invalid member
 */
export function checkTrackedRefund(ref: RefundRef, merchant: string = DEFAULT_MERCHANT): TrackedRefund {
  const checked = checkRefundRef(ref);
  refundKey(merchant, checked);
  return { ref: checked, merchant };
}

/**
 * Builds a string that identifies a refund among all refunds and orders of an app: `refund/` and a key as `orderKey` makes it,
 * with the number of the refund in place of that of an order.
 *
 * @param merchant the registered name of the merchant
 * @throws {WxPayInputError} if `merchant` or the number of the refund is missing
 */
export function refundKey(merchant: string, { outRefundNo, subMchid }: RefundRef): string {
  return `refund/${orderKey(merchant, { outTradeNo: outRefundNo, subMchid })}`;
}
