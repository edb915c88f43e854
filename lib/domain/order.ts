import type { TradeState, TradeType } from './trade-state.js';

/**
 * The true state of an order as WeChat Pay tells it, verified. Names are the official ones in camelCase.
 *
 * A field that WeChat Pay left out, or sent empty, is absent: an unpaid order has no `transactionId`, `payer` or
 * `successTime`, and may lack `amount`. So is decoration that does not read, a coupon without an amount for example: `raw`
 * has it, and the channel `WXPAY_CHANNELS.fieldsLeftOut` tells.
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
  /** WeChat's order number, once paid. */
  readonly transactionId?: string;
  /**
   * Where the order stands. WeChat Pay may add states: treat one you do not know as "not decided yet".
   *
   * - `SUCCESS` paid; `REFUND` paid, then refunded in part or in full
   * - `NOTPAY` not paid yet, also after a failed attempt; `ACCEPT` accepted, waiting for the debit
   * - `CLOSED` closed, can no longer be paid
   * - only for 付款码 orders: `USERPAYING` the customer is entering a password, `PAYERROR` payment failed, `REVOKED` reversed
   */
  readonly tradeState: TradeState;
  /** WeChat's own words for the state, empty if it sends none; show it to people, do not branch on it. */
  readonly tradeStateDesc: string;
  /** The way the order was placed; `JSAPI` covers mini programs, `MICROPAY` is 付款码, `MWEB` is H5. */
  readonly tradeType?: TradeType;
  /** For example `ICBC_DEBIT`; `OTHERS` when no bank card was used. */
  readonly bankType?: string;
  /** What the merchant attached when placing the order. */
  readonly attach?: string;
  /** When the customer paid. */
  readonly successTime?: Date;
  readonly amount?: OrderAmount;
  readonly payer?: OrderPayer;
  readonly sceneInfo?: OrderSceneInfo;
  readonly promotionDetail?: readonly OrderPromotion[];
  /**
   * The verified reply as received, with every field, also those that this version does not know. Not enumerable, so
   * that logs stay clean; its objects have no prototype.
   */
  readonly raw: unknown;
}

/** Amounts are integers in fen (分), a hundredth of a yuan. */
export interface OrderAmount {
  readonly total: number;
  /** What the customer paid, after coupons. */
  readonly payerTotal?: number;
  /** `CNY`. */
  readonly currency?: string;
  readonly payerCurrency?: string;
}

/** Who paid; personal data. */
export interface OrderPayer {
  /** The customer under `appid`. */
  readonly openid?: string;
  /** The customer under `subAppid`. */
  readonly subOpenid?: string;
}

export interface OrderSceneInfo {
  readonly deviceId?: string;
  readonly storeInfo?: { readonly id?: string; readonly outId?: string };
}

/** A coupon that was used; amounts in fen. */
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
  /** In fen. */
  readonly unitPrice: number;
  /** In fen. */
  readonly discountAmount: number;
  readonly goodsRemark?: string;
}
