import type { Refund, RefundContent } from '../../index.js';

/**
 * Refund of the mock gateway: a {@link Refund} with fields that only the gateway knows. Immutable; each transition creates a
 * new object.
 */
export interface MockRefund extends Omit<Refund, 'raw' | 'createdAt'> {
  readonly createdAt: Date;
  readonly reason?: string;
  readonly notifyUrl?: string;
  /** Content of the request that created the refund. Sending its number again requires the same content. */
  readonly requestedWith: object;
}

/**
 * Identifies a refund of the mock gateway. A string means the merchant's own refund, or the refund of the only sub-merchant
 * that uses the number; an object means exactly the refund of that owner.
 */
export type MockRefundRef = string | { readonly outRefundNo: string; readonly subMchid?: string | undefined };

/** Refund to create, as the merchant would in the console. Amounts in fen. */
export interface NewMockRefund {
  readonly outRefundNo: string;
  /** The merchant's number of the order. */
  readonly outTradeNo: string;
  readonly subMchid?: string | undefined;
  readonly amount: {
    readonly refund: number;
    /** Default: the total of the order. */
    readonly total?: number | undefined;
    readonly from?: RefundContent['amount']['from'] | undefined;
  };
  readonly reason?: string | undefined;
  readonly notifyUrl?: string | undefined;
  readonly fundsAccount?: string | undefined;
}

/** Final status of a refund. */
export type MockRefundOutcome = 'SUCCESS' | 'ABNORMAL' | 'CLOSED';
