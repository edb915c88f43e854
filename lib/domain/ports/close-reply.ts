import { WxPayApiError } from '../../errors/wxpay-api-error.js';

/** The reply of WeChat Pay to one close. */
export type CloseReply =
  | { readonly outcome: 'closed' }
  | {
      readonly outcome: 'already-closed';
      /** The refusal "already closed". */
      readonly refusal: WxPayApiError;
      /**
       * True if the refusal can be neither forged nor replayed. If false, a verified query has to confirm it, because a refusal
       * names no order.
       */
      readonly isProven: boolean;
    };

/**
 * Waits for a close. A refusal "already closed" is a reply, not a failure.
 *
 * @param isProof tells whether such a refusal can be neither forged nor replayed
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
