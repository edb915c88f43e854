import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';

/**
 * Makes one call of a flow and returns its error, so that the flow can decide what to do next.
 *
 * @throws `signal.reason` if the caller gave up, and any error that is no WxPayError: a defect
 */
export async function attemptCall<T>(
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T | WxPayError> {
  try {
    signal?.throwIfAborted();
    return await call();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof WxPayError) return error;
    throw error;
  }
}

/** Tells if WeChat Pay answered that it knows no such order. */
export function isNotFound(answer: unknown): answer is WxPayApiError {
  return answer instanceof WxPayApiError && answer.kind === 'order-not-found';
}
