import type { TradeState, TradeType } from './trade-state.js';

/**
 * Verified state of an order. The names are the official ones in camelCase.
 *
 * A field that WeChat Pay left out, or sent empty, is absent: an unpaid order has no `transactionId`, `payer` or
 * `successTime`, and may lack `amount`. A malformed secondary field, such as a coupon without an amount, is left out, too:
 * `raw` has it, and the channel `WXPAY_CHANNELS.fieldsLeftOut` reports it.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356
 */
export interface Order {
  /** The merchant that placed the order; for a partner order, the service provider. */
  readonly mchid: string;
  /** The sub-merchant of a partner order. */
  readonly subMchid?: string;
  readonly appid?: string;
  readonly subAppid?: string;
  /** The merchant's order number. */
  readonly outTradeNo: string;
  /** WeChat's order number; absent until the order is paid. */
  readonly transactionId?: string;
  /**
   * State of the order. WeChat Pay may add states: treat an unknown state as not final.
   *
   * - `SUCCESS`: paid; `REFUND`: paid, then refunded in part or in full
   * - `NOTPAY`: not paid yet, also after a failed payment; `ACCEPT`: accepted, waiting for the debit
   * - `CLOSED`: closed, can no longer be paid
   * - only 付款码 orders: `USERPAYING`: the customer is entering a password; `PAYERROR`: payment failed; `REVOKED`: reversed
   */
  readonly tradeState: TradeState;
  /** WeChat's description of the state, empty if it sends none. Show it to people; do not branch on it. */
  readonly tradeStateDesc: string;
  /** Method by which the order was placed; `JSAPI` includes mini programs, `MICROPAY` is 付款码, `MWEB` is H5. */
  readonly tradeType?: TradeType;
  /** Bank and card type, for example `ICBC_DEBIT`; `OTHERS` if no bank card was used. */
  readonly bankType?: string;
  /** String that the merchant attached when placing the order. */
  readonly attach?: string;
  /** Time at which the customer paid. */
  readonly successTime?: Date;
  readonly amount?: OrderAmount;
  readonly payer?: OrderPayer;
  readonly sceneInfo?: OrderSceneInfo;
  readonly promotionDetail?: readonly OrderPromotion[];
  /**
   * The verified reply as received, including fields that this version does not know. Its objects have no prototype. The
   * property is not enumerable, to keep personal data out of logs.
   */
  readonly raw: unknown;
}

/** Amounts of an order: integers in fen (分), a hundredth of a yuan. */
export interface OrderAmount {
  readonly total: number;
  /** Amount that the customer paid, after coupons. */
  readonly payerTotal?: number;
  /** Currency of `total`: `CNY`. */
  readonly currency?: string;
  readonly payerCurrency?: string;
}

/** The customer; personal data. */
export interface OrderPayer {
  /** The openid of the customer under `appid`. */
  readonly openid?: string;
  /** The openid of the customer under `subAppid`. */
  readonly subOpenid?: string;
}

export interface OrderSceneInfo {
  readonly deviceId?: string;
  readonly storeInfo?: { readonly id?: string; readonly outId?: string };
}

/** Coupon that the customer used; amounts in fen. */
export interface OrderPromotion {
  readonly couponId: string;
  readonly name?: string;
  readonly scope?: 'GLOBAL' | 'SINGLE' | (string & {});
  readonly type?: 'CASH' | 'NOCASH' | (string & {});
  readonly amount: number;
  readonly stockId?: string;
  readonly wechatpayContribute?: number;
  readonly merchantContribute?: number;
  readonly otherContribute?: number;
  readonly currency?: string;
  readonly goodsDetail?: readonly OrderPromotionGoods[];
}

export interface OrderPromotionGoods {
  readonly goodsId: string;
  readonly quantity: number;
  /** Price of one item, in fen. */
  readonly unitPrice: number;
  /** Discount in fen. */
  readonly discountAmount: number;
  readonly goodsRemark?: string;
}
