import { isNotFound } from '../../errors/is-not-found.js';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayError } from '../../errors/wxpay-error.js';
import { CODE_PAY_TIMEOUT_MS } from '../../rules/limits.js';
import type { CheckedCodePay } from '../placing/code-pay-request.js';
import type { CodePayOptions } from '../options.js';
import type { Order } from '../order.js';
import type { HostCallOptions, ReverseApi } from '../ports/apis.js';
import type { CodePayApi } from '../ports/code-pay-api.js';
import { isPaidAtCounter } from '../trade-state.js';
import { attemptCall } from './attempt-call.js';
import { Budget } from './budget.js';
import { CodePayFindings, type CodePayment } from './code-pay-findings.js';
import { repeatUntilReversed } from './reverse.js';

const WAIT_MS = 30_000;
/** Pause between queries while the customer enters the password. */
const POLL_MS = 5_000;
/** Minimum time between a payment and its reversal. @see https://pay.weixin.qq.com/doc/v2/merchant/4011937361 */
const MIN_AGE_MS = 15_000;
/** Share of the time that the payment request may take; the rest is for the calls that show its effect. */
const PAY_SHARE = 0.5;
/** Name of the step in error messages. */
const QUERY = 'code pay, query';

/**
 * Charges the customer whose payment code was scanned: sends the payment once, queries the order while the customer enters the
 * password, and reverses the order if it stays open.
 *
 * The payment request is sent at most once, and only verified replies decide. Once a reversal was sent, the order is not reported
 * as paid any more: a reversal whose reply was lost may still take effect, which refunds it.
 *
 * @throws {WxPayError} if the payment request was not sent
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011937125
 */
export async function payByCode(
  api: CodePayApi,
  request: CheckedCodePay,
  { signal, timeoutMs = CODE_PAY_TIMEOUT_MS, waitMs = Math.min(WAIT_MS, timeoutMs / 2) }: CodePayOptions,
): Promise<CodePayment> {
  const budget = new Budget(timeoutMs, signal);
  const customer = new Budget(waitMs);
  const findings = new CodePayFindings(request);
  const reply = await attemptCall(signal, () => api.pay(request, limitsOf(api, budget, PAY_SHARE)));
  if (reply instanceof WxPayError && !wasSent(reply)) throw reply;
  const age = new Budget(MIN_AGE_MS);
  let payment = findings.addReply(reply);
  // After a refusal, the order is queried at once: the cashier is waiting.
  let isDue = findings.isRefused;
  while (payment === undefined) {
    const restMs = Math.max(findings.isFailed ? 0 : customer.remainingMs, age.remainingMs);
    if (!isDue && restMs <= 0 && findings.isOpen) {
      return reverseOpen(api.reversalOf(request), budget, findings);
    }
    const pauseMs = restMs > 0 ? Math.min(restMs, POLL_MS) : POLL_MS;
    if (!isDue && !(await budget.pause(pauseMs))) return findings.unresolved();
    isDue = false;
    payment = findings.add(await queryHosts(api, budget, { request, isRefused: findings.isRefused }));
  }
  return payment;
}

/** Tells whether WeChat Pay received the payment request, or may have received it. */
function wasSent(failure: WxPayError): boolean {
  return failure instanceof WxPayApiError || failure.outcomeUnknown === true;
}

/** Queries the order; after a refusal, on each host until one knows it. */
async function queryHosts(
  api: CodePayApi,
  budget: Budget,
  { request, isRefused }: { readonly request: CheckedCodePay; readonly isRefused: boolean },
): Promise<Order | WxPayError> {
  const query = (options?: HostCallOptions): Promise<Order | WxPayError> =>
    attemptCall(budget.signal, () =>
      api.query(request, { ...limitsOf(api, budget), ...options, step: QUERY }),
    );
  let reply = await query();
  // A reply "not found" does not name the order, even if it is signed, and a host can lag behind: ask each of them.
  for (const host of isRefused ? api.terms.hosts : []) {
    if (isNotFound(reply)) reply = await query({ host });
  }
  return reply;
}

/** Reverses an order that stayed open, and one that no host knows, because its payment request may still arrive. */
async function reverseOpen(api: ReverseApi, budget: Budget, findings: CodePayFindings): Promise<CodePayment> {
  const { ref, seen } = findings;
  const tradeType = seen.at(-1)?.tradeType;
  if (tradeType !== undefined && !isPaidAtCounter(tradeType)) return findings.unresolved();
  for (;;) {
    const reversal = await attemptCall(budget.signal, () => repeatUntilReversed(api, ref, { budget, seen }));
    if (!(reversal instanceof WxPayError)) {
      return reversal.outcome === 'reversed' ? reversal : findings.unresolved();
    }
    if (!isAboutOrder(reversal) || !(await budget.pause(POLL_MS))) {
      return findings.unresolved(isNotFound(reversal) ? undefined : reversal);
    }
  }
}

/** Tells whether a reversal was refused because of the order, whose state may change. */
function isAboutOrder(refusal: WxPayError): boolean {
  return refusal instanceof WxPayApiError && (refusal.kind === 'order-state' || isNotFound(refusal));
}

/** Returns the limits of one call: the time of an ordinary call, and `share` of the remaining time at most. */
function limitsOf({ terms }: CodePayApi, budget: Budget, share = 1): HostCallOptions {
  const { signal, timeoutMs = terms.timeoutMs } = budget.share(share);
  return { signal, timeoutMs: Math.min(timeoutMs, terms.timeoutMs) };
}
