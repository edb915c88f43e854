import { WxPayError } from '../../errors/wxpay-error.js';

/**
 * Makes one call of a flow and returns its error, so that the flow can choose the next step.
 *
 * @throws `signal.reason` if the caller aborts, and any error that is no WxPayError, which is a defect
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
