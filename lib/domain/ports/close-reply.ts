import { WxPayApiError } from '../../errors/wxpay-api-error.js';

/** The reply of WeChat Pay to one close. */
export type CloseReply =
  | { readonly outcome: 'closed' }
  | {
      readonly outcome: 'already-closed';
      /** The refusal that says so. */
      readonly refusal: WxPayApiError;
      /** True if the refusal can be neither forged nor an old one. If not, a verified query has to confirm it: a refusal names no order. */
      readonly isProven: boolean;
    };

/**
 * Waits for a close; a refusal that says "already closed" is a reply, not a failure.
 *
 * @param isProof tells if such a refusal can be neither forged nor an old one
 */
export async function closeReplyOf(
  closing: Promise<void>,
  isProof: (refusal: WxPayApiError) => boolean,
): Promise<CloseReply> {
  try {
    await closing;
    return { outcome: 'closed' };
  } catch (error) {
    if (!(error instanceof WxPayApiError) || error.code !== 'ORDER_CLOSED') throw error;
    return { outcome: 'already-closed', refusal: error, isProven: isProof(error) };
  }
}
