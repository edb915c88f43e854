import { WxPayInputError } from '../errors/wxpay-input-error.js';

/** How long a call may take and who may end it early. */
export interface CallOptions {
  /** Ends the call: it rejects with `signal.reason`, like `fetch`. What WeChat Pay already received stays received. */
  readonly signal?: AbortSignal;
  /** Bounds the whole call, signing and waiting included, in milliseconds; default: the merchant's `timeoutMs`. */
  readonly timeoutMs?: number;
}

/** The longest delay that a Node timer can hold; a longer one would fire at once. */
export const MAX_TIMEOUT_MS = 2_147_483_647;

/** @throws {WxPayInputError} naming the option at fault */
export function checkCallOptions(options: CallOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new WxPayInputError('options', 'must be an object such as { timeoutMs: 5000 }, or be left out.');
  }
  const { signal, timeoutMs } = options;
  if (
    timeoutMs !== undefined &&
    !(Number.isFinite(timeoutMs) && timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)
  ) {
    throw new WxPayInputError('timeoutMs', `must be a number of milliseconds from 1 to ${MAX_TIMEOUT_MS}.`);
  }
  // By shape: test environments bring an AbortSignal of their own.
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.throwIfAborted !== 'function') {
    throw new WxPayInputError('signal', 'must be an AbortSignal.');
  }
}
