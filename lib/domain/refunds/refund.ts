/**
 * State of a refund. WeChat Pay may add states: treat an unknown state as not final.
 *
 * - `PROCESSING`: accepted; the money is on its way
 * - `SUCCESS`: the customer has the money
 * - `CLOSED`: not carried out within seven days for lack of funds. Top up the account, then refund under a new `outRefundNo`
 * - `ABNORMAL`: the bank refused the money, because the card was cancelled, for example: see `RefundService.refundAbnormal`
 */
export type RefundStatus = 'SUCCESS' | 'PROCESSING' | 'CLOSED' | 'ABNORMAL' | (string & {});

/** Tells whether a status is final: it changes only if the merchant acts. */
export function isFinalRefundStatus(status: RefundStatus): status is 'SUCCESS' | 'CLOSED' | 'ABNORMAL' {
  return status === 'SUCCESS' || status === 'CLOSED' || status === 'ABNORMAL';
}

/**
 * Verified state of a refund. The names are the official ones in camelCase.
 *
 * A field that WeChat Pay left out, or sent empty, is absent. A malformed secondary field, such as a coupon without a number,
 * is left out, too: `raw` has it, and the channel `WXPAY_CHANNELS.fieldsLeftOut` reports it.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071041
 */
export interface Refund {
  /** WeChat's number of the refund. */
  readonly refundId: string;
  /** The merchant's number of the refund. */
  readonly outRefundNo: string;
  /** WeChat's number of the order. */
  readonly transactionId: string;
  /** The merchant's number of the order. */
  readonly outTradeNo: string;
  /**
   * The sub-merchant of a partner order. In a notification over APIv2 it is outside of the encrypted content, so that nothing
   * proves it: query the refund first.
   */
  readonly subMchid?: string;
  readonly status: RefundStatus;
  readonly amount: RefundAmount;
  /** Destination of the money: the account that paid (`ORIGINAL`), or another account of the customer. */
  readonly channel?: 'ORIGINAL' | 'BALANCE' | 'OTHER_BALANCE' | 'OTHER_BANKCARD' | (string & {});
  /** Account that receives the money, in words, such as the bank and the last digits of a card; personal data. */
  readonly userReceivedAccount?: string;
  /** Time at which WeChat Pay accepted the refund; absent over APIv2 and in notifications. */
  readonly createdAt?: Date;
  /** Time at which the customer received the money. */
  readonly successTime?: Date;
  /** Account of the merchant from which the money comes, for example `UNSETTLED` or `AVAILABLE`. */
  readonly fundsAccount?: string;
  readonly promotionDetail?: readonly RefundPromotion[];
  /**
   * The verified reply as received, including fields that this version does not know. Its objects have no prototype. The
   * property is not enumerable, to keep personal data out of logs.
   */
  readonly raw: unknown;
}

/** Amounts of a refund: integers in fen (分), a hundredth of a yuan. */
export interface RefundAmount {
  /** Total of the order. */
  readonly total: number;
  /** Amount of this refund. */
  readonly refund: number;
  /** Amount that the customer paid for the order, after coupons. */
  readonly payerTotal?: number;
  /** Amount that the customer gets back, without coupons. */
  readonly payerRefund?: number;
  /** Amount by which the refund reduces the merchant's income: without coupons that the merchant did not pay for. */
  readonly settlementRefund?: number;
  /** Part of the total that the merchant received. */
  readonly settlementTotal?: number;
  /** Part of the refund that goes back as coupons. */
  readonly discountRefund?: number;
  /** Currency of all amounts: `CNY`. Absent in notifications of APIv3. */
  readonly currency?: string;
  /** Fee that WeChat Pay gives back to the merchant. */
  readonly refundFee?: number;
  /** Accounts of the merchant from which the money comes, if the request named them. */
  readonly from?: readonly RefundSource[];
}

/** Account of the merchant that pays for a part of a refund. */
export interface RefundSource {
  /** `AVAILABLE` for the available balance, `UNAVAILABLE` for the frozen balance. */
  readonly account: 'AVAILABLE' | 'UNAVAILABLE' | (string & {});
  /** In fen. */
  readonly amount: number;
}

/** Coupon that goes back to the customer, in full or in part; amounts in fen. */
export interface RefundPromotion {
  readonly promotionId: string;
  readonly scope?: 'GLOBAL' | 'SINGLE' | (string & {});
  /** `COUPON` if the merchant paid for the coupon in advance, otherwise `DISCOUNT`. */
  readonly type?: 'COUPON' | 'DISCOUNT' | (string & {});
  /** Value of the coupon. */
  readonly amount?: number;
  /** Part of it that this refund gives back. */
  readonly refundAmount: number;
  readonly goodsDetail?: readonly RefundGoods[];
}

/** Article that is returned; amounts in fen. */
export interface RefundGoods {
  /** The merchant's number of the article. */
  readonly merchantGoodsId: string;
  readonly wechatpayGoodsId?: string | undefined;
  readonly goodsName?: string | undefined;
  /** Price of one article. */
  readonly unitPrice: number;
  /** Amount given back for all returned articles. */
  readonly refundAmount: number;
  /** Number of returned articles. */
  readonly refundQuantity: number;
}
