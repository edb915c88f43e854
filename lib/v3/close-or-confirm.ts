import { performance } from 'node:perf_hooks';
import type { CallOptions } from '../domain/call-options.js';
import type { TradeState } from '../domain/trade-state.js';
import { WxPayApiError } from '../errors/wxpay-api-error.js';
import type { V3Close } from './operation.js';
import type { V3Client } from './v3.client.js';

export interface Close<Input> {
  readonly client: V3Client;
  readonly operation: V3Close<Input>;
  readonly input: Input;
  readonly options: CallOptions & { readonly timeoutMs: number };
  /** Asks, with a verified query, for its state; undefined if its parts disagree. */
  readonly stateOf: (options: CallOptions) => Promise<TradeState | undefined>;
}

/**
 * Closes an order, and takes "already closed" for a close that is done, if it is true.
 *
 * Nothing but TLS vouches for an unsigned refusal, so a verified query decides then, in the time that is left.
 *
 * @throws {WxPayApiError} in place of an "already closed" that is not true, with what is
 */
export async function closeOrConfirm<Input>({
  client,
  operation,
  input,
  options,
  stateOf,
}: Close<Input>): Promise<void> {
  const endsAt = performance.now() + options.timeoutMs;
  try {
    await client.execute(operation, input, options);
  } catch (error) {
    if (!(error instanceof WxPayApiError) || !operation.alreadyDone.includes(error.code)) throw error;
    if (error.signed) return;
    const timeoutMs = Math.max(1, endsAt - performance.now());
    const state = await stateOf({ ...options, timeoutMs });
    if (state !== 'CLOSED' && state !== 'REVOKED') throw contradicted(error, operation.subject(input), state);
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
    text: `${code}, without a signature, but a verified query finds it ${state}`,
    requestId,
  });
}
