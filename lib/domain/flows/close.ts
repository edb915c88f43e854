import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { combinedTradeState, combineSubject, type CombineCloseRequest } from '../combine-order.js';
import type { CallOptions } from '../options.js';
import { orderSubject, type CloseOrderRef } from '../order-ref.js';
import type { OrderApi } from '../ports/apis.js';
import type { CombineApi } from '../ports/combine-api.js';
import type { CloseReply } from '../ports/close-reply.js';
import type { TradeState } from '../trade-state.js';
import { Budget } from './budget.js';

/**
 * Closes an order. A reply "already closed" counts as success, unless a verified query contradicts it.
 *
 * @throws {WxPayApiError} if a verified query contradicts "already closed"
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
 * Closes all sub-orders of a combine order, as {@link closeOrder} closes a single order.
 *
 * @throws {WxPayApiError} if a verified query contradicts "already closed"
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
 * Replaces a reply "already closed" that a verified query contradicts with the refusal that WeChat Pay should have sent. An
 * app that takes a paid order for closed might charge the customer a second time.
 *
 * @param state the state that the query shows; undefined if the sub-orders of a combine order differ
 */
export function notClosed(refusal: WxPayApiError, subject: string, state?: TradeState): WxPayApiError {
  const { operation, merchant = '', code, httpStatus, requestId } = refusal;
  const isPaid = state === 'SUCCESS' || state === 'REFUND';
  return new WxPayApiError({
    call: { operation, subject, merchant },
    code: isPaid ? 'ORDER_PAID' : 'TRADE_ERROR',
    httpStatus,
    // The verified query proves that the order is paid. It does not prove the reason of any other refusal.
    signed: isPaid,
    text: `${code}, but a verified query finds it ${state ?? 'in parts of different states'}`,
    requestId,
  });
}
