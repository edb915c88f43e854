import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { combinedTradeState, combineSubject, type CombineCloseRequest } from '../combine-order.js';
import type { CallOptions } from '../options.js';
import { orderSubject, type CloseOrderRef } from '../order-ref.js';
import type { CombineApi, OrderApi } from '../ports/apis.js';
import type { CloseReply } from '../ports/close-reply.js';
import type { TradeState } from '../trade-state.js';
import { Budget } from './budget.js';

/**
 * Closes an order; "already closed" counts as success if it is true.
 *
 * @throws {WxPayApiError} in place of an "already closed" that a verified query contradicts
 */
export async function closeOrder(
  api: OrderApi,
  ref: CloseOrderRef,
  { signal, timeoutMs = api.terms.timeoutMs }: CallOptions,
): Promise<void> {
  const budget = new Budget(timeoutMs, signal);
  const reply = await api.close(ref, budget.callOptions);
  await confirm(reply, orderSubject(ref), async () => (await api.query(ref, budget.callOptions)).tradeState);
}

/**
 * Closes a combine order as a whole, as {@link closeOrder} closes a single one.
 *
 * @throws {WxPayApiError} in place of an "already closed" that a verified query contradicts
 */
export async function closeCombineOrder(
  api: CombineApi,
  request: CombineCloseRequest,
  { signal, timeoutMs = api.terms.timeoutMs }: CallOptions,
): Promise<void> {
  const budget = new Budget(timeoutMs, signal);
  const reply = await api.close(request, budget.callOptions);
  await confirm(reply, combineSubject(request), async () =>
    combinedTradeState(await api.query(request.combineOutTradeNo, budget.callOptions)),
  );
}

async function confirm(
  reply: CloseReply,
  subject: string,
  queryState: () => Promise<TradeState | undefined>,
): Promise<void> {
  if (reply.outcome === 'closed') return;
  if (reply.isProven) return;
  const state = await queryState();
  if (state !== 'CLOSED' && state !== 'REVOKED') throw notClosed(reply.refusal, subject, state);
}

/**
 * Replaces an "already closed" that a verified query contradicts by the refusal that WeChat Pay should have sent: a caller
 * who believes that a paid order is closed charges a second time.
 *
 * @param state as the query shows it; undefined if the parts of a combine order disagree
 */
export function notClosed(refusal: WxPayApiError, subject: string, state?: TradeState): WxPayApiError {
  const { operation, merchant = '', code, httpStatus, requestId } = refusal;
  const isPaid = state === 'SUCCESS' || state === 'REFUND';
  return new WxPayApiError({
    call: { operation, subject, merchant },
    code: isPaid ? 'ORDER_PAID' : 'TRADE_ERROR',
    httpStatus,
    // That it is paid is proven; why it was not closed is not.
    signed: isPaid,
    text: `${code}, but a verified query finds it ${state ?? 'in parts of different states'}`,
    requestId,
  });
}
