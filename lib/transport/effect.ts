import { withUnknownOutcome } from '../errors/unknown-outcome.js';
import { WxPayApiError } from '../errors/wxpay-api-error.js';
import type { WxPayError } from '../errors/wxpay-error.js';

/**
 * The effect of a request at WeChat Pay:
 *
 * - `none` it only reads
 * - `idempotent` to send it twice does no more than to send it once
 * - `once` to send it twice may do it twice
 */
export type Effect = 'none' | 'idempotent' | 'once';

const ADVICE: Readonly<Record<Exclude<Effect, 'none'>, string>> = {
  idempotent: 'It may have been carried out: query the order, or repeat the call.',
  once: 'It may have been carried out: ask WeChat Pay for its outcome before you repeat it.',
};

/** The failure of a call with a request of this effect whose outcome is unknown. */
export function unknownAfter(error: WxPayError, effect: Effect): WxPayError {
  if (effect === 'none') return error;
  return withUnknownOutcome(error, { isIdempotent: effect === 'idempotent', advice: ADVICE[effect] });
}

/** Tells if a request that was sent, and failed with this error, may have been carried out. */
export function leavesOutcomeOpen(error: unknown): boolean {
  if (!(error instanceof WxPayApiError)) return true;
  const { kind, code, httpStatus } = error;
  if (kind === 'rate-limited') return false;
  // The payment goes on: the customer is typing the password.
  if (code === 'USERPAYING' || kind === 'gateway') return true;
  // APIv2 refuses with HTTP 200, and has codes of its own for payments that go on.
  return httpStatus >= 500 || httpStatus === 202 || (kind === 'unknown' && httpStatus === 200);
}

/** Tells if a refusal names the state of the order, and with it the outcome of every request before. */
export function tellsState(error: WxPayError): boolean {
  return (
    error instanceof WxPayApiError &&
    (error.kind === 'order-state' || error.kind === 'order-not-found') &&
    error.code !== 'USERPAYING'
  );
}
