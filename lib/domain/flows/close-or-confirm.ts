import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { Budget } from './budget.js';
import type { CallOptions } from '../options.js';
import type { TradeState } from '../trade-state.js';

/** A close, and what tells if it is done where WeChat Pay refuses it as done already. */
export interface Closing {
  readonly close: (options: CallOptions) => Promise<void>;
  /** Codes of refusals that say: the order is closed already. */
  readonly alreadyDone: readonly string[];
  /** Tells if such a refusal needs no query, since it cannot be an old one or a forged one. */
  readonly isProof: (refusal: WxPayApiError) => boolean;
  /** Asks, with a verified query, for the state of the order; undefined if its parts disagree. */
  readonly stateOf: (options: CallOptions) => Promise<TradeState | undefined>;
  /** The name of the order in errors. */
  readonly subject: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * Closes an order, and takes "already closed" for a close that is done, if it is true.
 *
 * A refusal names no order, and one without a signature proves nothing: a verified query decides, in the time that is left.
 *
 * @throws {WxPayApiError} in place of an "already closed" that is not true, with what is
 */
export async function closeOrConfirm({
  close,
  alreadyDone,
  isProof,
  stateOf,
  subject,
  signal,
  timeoutMs,
}: Closing): Promise<void> {
  const budget = new Budget(timeoutMs, signal);
  try {
    await close(budget.callOptions);
  } catch (error) {
    if (!(error instanceof WxPayApiError) || !alreadyDone.includes(error.code)) throw error;
    if (isProof(error)) return;
    const state = await stateOf(budget.callOptions);
    if (state !== 'CLOSED' && state !== 'REVOKED') throw contradicted(error, subject, state);
  }
}

/** What WeChat Pay should have said: a caller who is told that a paid order is closed charges a second time. */
function contradicted(
  refusal: WxPayApiError,
  subject: string,
  state = 'in parts of different states',
): WxPayApiError {
  const { operation, merchant = '', code, httpStatus, requestId } = refusal;
  const isPaid = state === 'SUCCESS' || state === 'REFUND';
  return new WxPayApiError({
    call: { operation, subject, merchant },
    code: isPaid ? 'ORDER_PAID' : 'TRADE_ERROR',
    httpStatus,
    // That it is paid is proven; why it was not closed is not.
    signed: isPaid,
    text: `${code}, but a verified query finds it ${state}`,
    requestId,
  });
}
