import type { RefundStatus } from 'nestjs-wxpay';

/** Sale of the shop: what it knows of an order of its own. */
export interface Sale {
  /** The name of the merchant that the customer pays. Each merchant numbers its own orders. */
  readonly merchant: string;
  /** The sub-merchant that the customer pays, if the merchant is a service provider: each numbers its own orders. */
  readonly subMchid?: string;
  /** The `mchid` of a sub-order, if the sale is part of a combine order. */
  readonly partMchid?: string;
  /** The cart that the sale is paid with: the number of the combine order. */
  readonly combineOutTradeNo?: string;
  readonly outTradeNo: string;
  /** Shown to the customer. */
  readonly description: string;
  /** Price in fen. */
  readonly total: number;
  readonly createdAt: Date;
  /** The order is settled then, if it is still unpaid. */
  readonly expiresAt: Date;
  /** Unpaid at its expiry, and closed. A payment that WeChat Pay reports all the same counts. */
  readonly isCancelled?: boolean;
  readonly payment?: Payment;
  readonly refunds?: readonly SaleRefund[];
}

/** Members that identify a sale. */
export type SaleNumbers = Pick<Sale, 'merchant' | 'partMchid' | 'subMchid' | 'outTradeNo'>;

/** Payment of a sale, as WeChat Pay reports it. */
export interface Payment {
  /** Price in fen, before coupons. */
  readonly total: number;
  /** Absent where WeChat Pay names none: it is CNY then. */
  readonly currency?: string;
  readonly transactionId: string;
  readonly paidAt?: Date;
  /** True if the money went back, in whole or in part, before the shop knew of the payment. */
  readonly isRefunded: boolean;
  /** What came first; `reply` is that to a payment code. */
  readonly toldBy: 'notification' | 'query' | 'reply';
}

/** Refund of a sale. */
export interface SaleRefund {
  readonly outRefundNo: string;
  /** In fen. */
  readonly amount: number;
  readonly reason?: string;
  /** `REQUESTED` until WeChat Pay says more. */
  readonly status: 'REQUESTED' | RefundStatus;
}

/** Result of noting a payment: `new` exactly once. */
export type PaymentOutcome = 'new' | 'known' | 'wrong-amount' | 'unknown-sale';

/** Storage of the sales. In a database, the key of a sale is `orderKey` of its merchant, sub-merchant and number,
 * and of the `mchid` of a sub-order. */
export abstract class SalesStore {
  abstract place(sale: Sale): Promise<void>;
  /** Finds a sale for the pages of the shop, which gives each number once, across merchants. What WeChat Pay sends is matched by `orderKey`. */
  abstract find(outTradeNo: string): Promise<Sale | undefined>;
  /** Returns the sales of a merchant with these numbers, without those that the shop does not have. */
  abstract findMany(merchant: string, outTradeNos: readonly string[]): Promise<readonly Sale[]>;
  /** Returns the sales of a merchant that were paid between two moments, without the second. */
  abstract paidBetween(merchant: string, from: Date, to: Date): AsyncIterable<Sale>;
  /** Returns the sales of a cart. No merchant is passed: the shop gives the number of a cart once, across merchants. */
  abstract cart(combineOutTradeNo: string): Promise<readonly Sale[]>;
  /** Returns the open sales, neither paid nor cancelled, that are not part of a cart. */
  abstract unpaid(): AsyncIterable<Sale>;
  /** Returns the numbers of the carts of a merchant that are neither paid nor cancelled. */
  abstract unpaidCarts(merchant: string): AsyncIterable<string>;
  /**
   * Notes a payment, once. Of two that come at the same time, in two processes even, one is `new`.
   *
   * In a database this is one statement, and the row it locks decides:
   * `UPDATE sales SET transaction_id = … WHERE order_key = … AND total = … AND currency = … AND transaction_id IS NULL`.
   * One row changed: `new`; write what has to be done about it in the same transaction. None: look why.
   */
  abstract payOnce(sale: SaleNumbers, payment: Payment): Promise<PaymentOutcome>;
  /** Cancels a sale, unless it is paid. */
  abstract cancel(sale: SaleNumbers): Promise<void>;
  /** Stores a refund before it is requested. @returns the refund that has the number: this one, or an earlier one */
  abstract addRefund(sale: SaleNumbers, refund: SaleRefund): Promise<SaleRefund>;
  /** Notes the status of a refund. A late `PROCESSING` does not replace a status that came after it. */
  abstract updateRefund(sale: SaleNumbers, outRefundNo: string, status: RefundStatus): Promise<void>;
  /** Returns the refunds that have not ended, as far as the shop knows. */
  abstract openRefunds(): AsyncIterable<{ readonly sale: Sale; readonly refund: SaleRefund }>;
}
