import type { Order, OrderPromotion, OrderSceneInfo, TradeType } from '../../index.js';

/**
 * Order of the mock gateway: an {@link Order} with fields that only the gateway knows. Immutable; each transition creates a
 * new object.
 */
export interface MockOrder extends Omit<Order, 'raw' | 'tradeStateDesc'> {
  readonly appid: string;
  readonly amount: NonNullable<Order['amount']>;
  readonly description?: string;
  readonly createdAt: Date;
  /** Leaves `amount` out of replies until the order is paid. */
  readonly bare?: boolean;
  /** Last moment at which the order can be paid. It stays open after that, like real orders. */
  readonly timeExpire?: Date;
  /** Parameters of the request that placed the order, if there was one. Placing it again requires the same parameters. */
  readonly placedWith?: object;
}

/**
 * Identifies an order of the mock gateway. A string means the merchant's own order, or the order of the only sub-merchant
 * that uses the number; an object means exactly the order of that owner.
 */
export type MockOrderRef = string | { readonly outTradeNo: string; readonly subMchid?: string | undefined };

/** Order to create. Amounts in fen. */
export interface NewMockOrder {
  readonly outTradeNo: string;
  readonly amount: { readonly total: number; readonly currency?: string | undefined };
  /** Appid of the app that places the order; default: the gateway's. */
  readonly appid?: string | undefined;
  /** Sub-merchant of the order, for the partner API. */
  readonly subMchid?: string | undefined;
  readonly subAppid?: string | undefined;
  readonly attach?: string | undefined;
  readonly description?: string | undefined;
  /** Default `JSAPI`; `MICROPAY` is a 付款码 order, which cannot be closed. */
  readonly tradeType?: TradeType | undefined;
  readonly sceneInfo?: OrderSceneInfo | undefined;
  /** Leaves `amount` out of replies until the order is paid, as WeChat Pay may do. */
  readonly bare?: boolean | undefined;
  /** Default: now. Set an earlier time for an order that is old enough to be closed over APIv2, or reversed. */
  readonly createdAt?: Date | undefined;
  /** Last moment at which the order can be paid; default: none. */
  readonly timeExpire?: Date | undefined;
}

/** Payment of an order; each field has a default. Amounts in fen. */
export interface MockPayment {
  /** Amount that the customer paid after coupons; default: the total. */
  readonly payerTotal?: number | undefined;
  readonly openid?: string | undefined;
  /** Openid of the customer under the sub-merchant's appid; default: a fixed one, if the order has a `subAppid`. */
  readonly subOpenid?: string | undefined;
  readonly bankType?: string | undefined;
  /** Time of the payment; default: now. */
  readonly at?: Date | undefined;
  /** Default: generated, 28 digits. */
  readonly transactionId?: string | undefined;
  /** Default: as the order was placed. */
  readonly tradeType?: TradeType | undefined;
  readonly promotionDetail?: readonly OrderPromotion[] | undefined;
}
