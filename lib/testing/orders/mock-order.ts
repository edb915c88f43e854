import type { Order, OrderPromotion, OrderSceneInfo, TradeType } from '../../index.js';

/** An order as the mock gateway keeps it: an {@link Order} with what only the gateway knows. Never changes; each transition makes a new one. */
export interface MockOrder extends Omit<Order, 'raw' | 'tradeStateDesc'> {
  readonly appid: string;
  readonly amount: NonNullable<Order['amount']>;
  readonly description?: string;
  readonly createdAt: Date;
  /** Answered without `amount` until it is paid. */
  readonly bare?: boolean;
  /** The last moment at which it can be paid. The order stays open after it, as the real ones do. */
  readonly timeExpire?: Date;
  /** The parameters of the request that placed it, where it was one: placing it again takes the same ones. */
  readonly placedWith?: object;
}

/**
 * Names an order of the mock gateway. A number alone means the merchant's own order, or else that of the only
 * sub-merchant who uses the number; an object means exactly the order of that owner.
 */
export type MockOrderRef = string | { readonly outTradeNo: string; readonly subMchid?: string | undefined };

/** An order to place. Amounts in fen. */
export interface NewMockOrder {
  readonly outTradeNo: string;
  readonly amount: { readonly total: number; readonly currency?: string | undefined };
  /** The app that places it, of several that the merchant has; default: that of the gateway. */
  readonly appid?: string | undefined;
  /** Places the order for this sub-merchant: it belongs to the partner API. */
  readonly subMchid?: string | undefined;
  readonly subAppid?: string | undefined;
  readonly attach?: string | undefined;
  readonly description?: string | undefined;
  /** Default `JSAPI`; `MICROPAY` is a 付款码 order, which cannot be closed. */
  readonly tradeType?: TradeType | undefined;
  readonly sceneInfo?: OrderSceneInfo | undefined;
  /** Leaves `amount` out of the answers until the order is paid, as WeChat Pay may do. */
  readonly bare?: boolean | undefined;
  /** Default: now. An earlier one makes an order that is old enough to be closed over APIv2, or reversed. */
  readonly createdAt?: Date | undefined;
  /** The last moment at which it can be paid; default: none. */
  readonly timeExpire?: Date | undefined;
}

/** How an order is paid; each field has a default. Amounts in fen. */
export interface MockPayment {
  /** What the customer paid after coupons; default: the total. */
  readonly payerTotal?: number | undefined;
  readonly openid?: string | undefined;
  /** Who paid, under the sub-merchant's appid; default: one, if the order has a `subAppid`. */
  readonly subOpenid?: string | undefined;
  readonly bankType?: string | undefined;
  /** When; default: now. */
  readonly at?: Date | undefined;
  /** Default: generated, 28 digits. */
  readonly transactionId?: string | undefined;
  /** Default: as the order was placed. */
  readonly tradeType?: TradeType | undefined;
  readonly promotionDetail?: readonly OrderPromotion[] | undefined;
}
