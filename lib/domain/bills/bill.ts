/**
 * Bill of one day, in a temporary file. Its hash and its summary were checked before this object was made.
 *
 * It may be iterated any number of times, also concurrently, in constant memory, until it is disposed of:
 * `await using bill = …`, or `await bill[Symbol.asyncDispose]()`.
 */
export interface Bill<Row, Summary> extends AsyncIterable<Row>, AsyncDisposable {
  /** Totals in the last line of the bill, which agree with its rows. */
  readonly summary: Summary;
  /**
   * True if a signed reply vouches for the content. False over APIv2, which gives no hash, and for a day without transactions
   * if the reply that says so is not signed.
   */
  readonly proven: boolean;
  /** Path of the temporary file: UTF-8, as WeChat Pay wrote it; empty for a day without transactions. */
  readonly path: string;
  /**
   * Copies the file, over an existing one.
   *
   * @throws {WxPayInputError} if it was disposed of
   */
  saveTo(path: string): Promise<void>;
}

/**
 * Row of a trade bill (交易账单): a payment, or a refund, which has a `refundId`. Amounts are integers in fen (分).
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071227
 */
export interface TradeBillRow {
  /** Time of the payment, or of the refund. */
  readonly tradeTime: Date;
  readonly appid: string;
  readonly mchid: string;
  readonly subMchid?: string;
  readonly deviceInfo?: string;
  readonly transactionId: string;
  readonly outTradeNo: string;
  /** The customer; personal data. */
  readonly openid?: string;
  /** Such as `JSAPI`, `NATIVE` or `MICROPAY`. */
  readonly tradeType: string;
  /** `SUCCESS`, `REFUND` for a refund, or `REVOKED` for a 付款码 order that was reversed. */
  readonly tradeState: 'SUCCESS' | 'REFUND' | 'REVOKED' | (string & {});
  readonly bankType: string;
  readonly currency: string;
  /** 应结订单金额: the amount that WeChat Pay settles, without coupons of the merchant's own. 0 in the row of a refund. */
  readonly settlementTotal: number;
  readonly couponAmount: number;
  /** WeChat Pay's number of the refund; absent for a payment. */
  readonly refundId?: string;
  readonly outRefundNo?: string;
  /** 退款金额: the part of the refund that WeChat Pay settles. */
  readonly refundAmount?: number;
  readonly couponRefundAmount?: number;
  /** Such as `ORIGINAL` or `BALANCE`. */
  readonly refundType?: string;
  /** Such as `SUCCESS`, `PROCESSING` or `FAIL`. */
  readonly refundState?: string;
  /** Bills of type `REFUND` only. */
  readonly refundRequestedAt?: Date;
  /** Bills of type `REFUND` only; absent while the refund is under way. */
  readonly refundSucceededAt?: Date;
  readonly description: string;
  readonly attach: string;
  /** Fee in yuan, exactly as written: five decimals, negative where a refund returns it. */
  readonly fee: string;
  /** Rate of the fee, exactly as written, such as `0.60%`. */
  readonly rate: string;
  /** 订单金额: the amount of the order. 0 in the row of a refund. */
  readonly total: number;
  /** 申请退款金额: the amount that the merchant asked to refund. */
  readonly requestedRefund?: number;
  readonly rateRemark?: string;
  /** Cells by header, as written; not enumerable, to keep personal data out of logs. */
  readonly raw: Readonly<Record<string, string>>;
}

/** Totals of a trade bill. Amounts are integers in fen (分). */
export interface TradeBillSummary {
  /** Number of rows. */
  readonly count: number;
  readonly settlementTotal: number;
  readonly refundAmount: number;
  readonly couponRefundAmount: number;
  /** Fees in yuan, exactly as written. Not compared with the rows: WeChat Pay does not say how it is rounded. */
  readonly fee: string;
  readonly total: number;
  readonly requestedRefund: number;
}

/**
 * Row of a fund flow bill (资金账单): one change of the balance of an account. Amounts are integers in fen (分).
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071235
 */
export interface FundFlowRow {
  readonly time: Date;
  /** 微信支付业务单号: the number of the payment or refund behind it. */
  readonly transactionId: string;
  readonly flowId: string;
  readonly businessName: string;
  readonly businessType: string;
  /** Into the account (收入), or out of it (支出). */
  readonly direction: 'in' | 'out';
  readonly amount: number;
  /** Balance of the account after the change. */
  readonly balance: number;
  readonly applicant: string;
  readonly remark: string;
  /** 业务凭证号: the merchant's number of the order or refund. */
  readonly voucher: string;
  /** Cells by header, as written; not enumerable. */
  readonly raw: Readonly<Record<string, string>>;
}

/** Totals of a fund flow bill. Amounts are integers in fen (分). */
export interface FundFlowSummary {
  /** Number of rows. */
  readonly count: number;
  readonly inCount: number;
  readonly inAmount: number;
  readonly outCount: number;
  readonly outAmount: number;
}
