import { withUnknownOutcome } from '../errors/unknown-outcome.js';
import { WxPayApiError } from '../errors/wxpay-api-error.js';
import type { WxPayError } from '../errors/wxpay-error.js';

/**
 * The effect of a request at WeChat Pay:
 *
 * - `none` it only reads
 * - `idempotent` sending it twice has the same effect as sending it once
 * - `once` sending it twice may carry it out twice
 */
export type Effect = 'none' | 'idempotent' | 'once';

const ADVICE: Readonly<Record<Exclude<Effect, 'none'>, string>> = {
  idempotent: 'It may have been carried out: query the order, or repeat the call.',
  once: 'It may have been carried out: ask WeChat Pay for its outcome before you repeat it.',
};

/**
 * Marks the error of a call whose request may have been carried out, unless the request changes nothing.
 *
 * @param advice last sentence of the message; default: by the effect
 */
export function unknownAfter(error: WxPayError, effect: Effect, advice?: string): WxPayError {
  if (effect === 'none') return error;
  return withUnknownOutcome(error, {
    isIdempotent: effect === 'idempotent',
    advice: advice ?? ADVICE[effect],
  });
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

/**
 * Tells if a refusal names the state of the order, which shows the outcome of all earlier requests. The state of a refund does
 * not: an earlier request for the same refund may still be under way.
 */
export function namesState(error: WxPayError): boolean {
  return (
    error instanceof WxPayApiError &&
    (error.kind === 'order-state' || error.kind === 'order-not-found') &&
    error.code !== 'USERPAYING' &&
    !error.operation.startsWith('refund.')
  );
}
