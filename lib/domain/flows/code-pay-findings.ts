import { isNotFound } from '../../errors/is-not-found.js';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import type { WxPayError } from '../../errors/wxpay-error.js';
import type { CheckedCodePay } from '../placing/code-pay-request.js';
import type { CloseOrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import { reversalOf } from './reverse.js';

/**
 * Outcome of a code payment.
 *
 * - `paid`: a verified reply shows the order paid: hand over the goods
 * - `reversed`: a verified query shows that the order can no longer be paid. `refunded` is true if a query showed a payment,
 *   which is returned to the customer, and false if the order is closed. Otherwise it is absent, because the customer may have
 *   paid right before the reversal
 * - `refused`: WeChat Pay refused the payment, and then a verified query showed an unpaid order, or every host replied that
 *   there is none. `cause` has the reason
 * - `unresolved`: the final state is unknown, and the customer may be charged now or later. Reverse the order. `order` is its
 *   last known state, `cause` the failure
 */
export type CodePayment =
  | { readonly outcome: 'paid'; readonly order: Order }
  | { readonly outcome: 'reversed'; readonly refunded?: boolean }
  | { readonly outcome: 'refused'; readonly cause: WxPayApiError }
  | { readonly outcome: 'unresolved'; readonly order?: Order; readonly cause?: WxPayError };

/** Refusals because an earlier request has used the number. The state of that order decides, not the refusal. */
const NUMBER_IN_USE: readonly string[] = [
  'ORDER_PAID',
  'ORDER_CLOSED',
  'ORDERREVERSED',
  'OUT_TRADE_NO_USED',
  'BUYER_MISMATCH',
];

/** Facts that the replies to a code payment and to its queries show, and the outcome that follows from them. */
export class CodePayFindings {
  /** Orders that verified replies showed, the latest last. */
  readonly seen: Order[] = [];
  readonly #request: CheckedCodePay;
  /** Failure of the payment request. */
  #payFailure: WxPayError | undefined;
  /** Refusal of the payment; undefined as soon as a verified reply contradicts it. */
  #refusal: WxPayApiError | undefined;
  /** Failure of the latest query. */
  #queryFailure: WxPayError | undefined;
  #isOpen = false;

  constructor(request: CheckedCodePay) {
    this.#request = request;
  }

  get ref(): CloseOrderRef {
    const { outTradeNo, subMchid, subAppid } = this.#request;
    return { outTradeNo, subMchid, subAppid };
  }

  /** True if WeChat Pay refused the payment, and the state of the order has to confirm it. */
  get isRefused(): boolean {
    return this.#refusal !== undefined;
  }

  /** True if the latest reply showed an order that is not final, or no order. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** True if the latest order that was seen is one whose payment failed. */
  get isFailed(): boolean {
    return this.seen.at(-1)?.tradeState === 'PAYERROR';
  }

  /** Adds the reply to the payment request. */
  addReply(reply: Order | WxPayError): CodePayment | undefined {
    if (!(reply instanceof Error)) return this.#addOrder(reply);
    this.#payFailure = reply;
    if (isRefusal(reply)) this.#refusal = reply;
    return undefined;
  }

  /** Adds the reply to a query; "not found" is the reply of every host if the payment was refused. */
  add(reply: Order | WxPayError): CodePayment | undefined {
    if (!(reply instanceof Error)) return this.#addOrder(reply);
    // Once a host has returned this order, "not found" means that the asked host lags behind.
    const isMissing = isNotFound(reply) && this.seen.length === 0;
    this.#isOpen = isMissing;
    this.#queryFailure = isMissing ? undefined : reply;
    if (this.#refusal === undefined) return undefined;
    if (isMissing && !isNumberInUse(this.#refusal)) return { outcome: 'refused', cause: this.#refusal };
    const isLasting = reply instanceof WxPayApiError && !isMissing && !reply.retryable;
    return isLasting ? this.unresolved(this.#refusal) : undefined;
  }

  /** @param cause default: the failure of the latest query, or that of the payment */
  unresolved(cause: WxPayError | undefined = this.#queryFailure ?? this.#payFailure): CodePayment {
    const order = this.seen.at(-1);
    return {
      outcome: 'unresolved',
      ...(order === undefined ? {} : { order }),
      ...(cause === undefined ? {} : { cause }),
    };
  }

  #addOrder(order: Order): CodePayment | undefined {
    this.seen.push(order);
    this.#isOpen = true;
    this.#queryFailure = undefined;
    return this.#isOfRequest(order) ? this.#outcomeOf(order) : this.unresolved();
  }

  /** Returns the outcome that the state of the order proves; undefined if the order is open. */
  #outcomeOf(order: Order): CodePayment | undefined {
    const refusal = this.#refusal;
    switch (order.tradeState) {
      case 'SUCCESS':
        return { outcome: 'paid', order };
      case 'REFUND':
        // Something else refunds the order, in part or in full.
        return this.unresolved();
      case 'CLOSED':
        return refusal === undefined ? reversalOf(this.seen) : { outcome: 'refused', cause: refusal };
      case 'REVOKED':
        return reversalOf(this.seen);
      case 'NOTPAY':
      case 'PAYERROR':
        if (refusal === undefined || isNumberInUse(refusal)) return undefined;
        return { outcome: 'refused', cause: refusal };
      default:
        // The payment goes on, so it was not refused.
        this.#refusal = undefined;
        return undefined;
    }
  }

  /** Tells whether an order has the requested amount. One with another amount was placed under this number before. */
  #isOfRequest({ amount }: Order): boolean {
    if (amount === undefined) return true;
    const { total, currency = 'CNY' } = this.#request.amount;
    return amount.total === total && (amount.currency ?? 'CNY') === currency;
  }
}

/** Tells whether the reply says that WeChat Pay did not carry out the payment. */
function isRefusal(failure: WxPayError): failure is WxPayApiError {
  if (!(failure instanceof WxPayApiError)) return false;
  // A refusal of APIv2 without a code and a signature means that the request was not processed.
  return failure.outcomeUnknown !== true || (failure.code === 'FAIL' && !failure.signed);
}

function isNumberInUse({ code, kind }: WxPayApiError): boolean {
  return NUMBER_IN_USE.includes(code) || (code === 'INVALID_REQUEST' && kind === 'order-state');
}
