/** What the shop knows of an order of its own, whatever WeChat Pay says. */
export interface Sale {
  /** The name of the merchant that the customer pays. The order numbers of another merchant mean other orders. */
  readonly merchant: string;
  /** The sub-merchant that the customer pays, if the merchant is a service provider: each numbers its own orders. */
  readonly subMchid?: string;
  readonly outTradeNo: string;
  /** What the customer is to pay, in fen. */
  readonly total: number;
  readonly payment?: Payment;
}

/** What identifies a sale. */
export type SaleNumbers = Pick<Sale, 'merchant' | 'subMchid' | 'outTradeNo'>;

/** What WeChat Pay says of the payment of a sale. */
export interface Payment {
  /** What was paid for, in fen, before coupons. */
  readonly total: number;
  /** Absent where WeChat Pay names none: it is CNY then. */
  readonly currency?: string;
  readonly transactionId: string;
  /** The money went back, in whole or in part, before the shop knew of it. */
  readonly isRefunded: boolean;
  /** Who told first. */
  readonly toldBy: 'notification' | 'query';
}

/** How a payment was taken: `new` once, to whoever tells first. */
export type PaymentOutcome = 'new' | 'known' | 'wrong-amount' | 'unknown-sale';

/** Where the shop keeps its sales. */
export abstract class SalesStore {
  abstract place(sale: Sale): Promise<void>;
  abstract find(outTradeNo: string): Promise<Sale | undefined>;
  /** Those of a merchant that nobody has told to be paid. */
  abstract unpaid(merchant: string): AsyncIterable<Sale>;
  /**
   * Takes note of a payment, once. Of two that come at the same time, in two processes even, one is `new`.
   *
   * In a database this is one statement, and the row it locks decides:
   * `UPDATE sales SET transaction_id = … WHERE order_key = … AND total = … AND currency = … AND transaction_id IS NULL`, where `order_key` is
   * what `orderKey` makes of merchant, sub-merchant and number.
   * One row changed: `new`; write what has to be done about it in the same transaction. None: look why.
   */
  abstract payOnce(sale: SaleNumbers, payment: Payment): Promise<PaymentOutcome>;
}
