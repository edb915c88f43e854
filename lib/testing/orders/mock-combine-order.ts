import type { CombineOrder, CombineSubOrder, OrderPromotion, TradeType } from '../../index.js';

/** Combine order of the mock gateway. Immutable; each transition creates a new object. */
export interface MockCombineOrder extends Omit<CombineOrder, 'raw' | 'subOrders'> {
  readonly subOrders: readonly MockCombineSubOrder[];
  readonly createdAt: Date;
  /** Last moment at which the order can be paid. It stays open after that, like real orders. */
  readonly timeExpire?: Date;
  /** Parameters of the request that placed the order, if there was one. Placing it again requires the same parameters. */
  readonly placedWith?: object;
}

/** Sub-order of one merchant. */
export interface MockCombineSubOrder extends CombineSubOrder {
  readonly amount: NonNullable<CombineSubOrder['amount']>;
}

/** Combine order to create: 2 to 50 sub-orders. Amounts in fen. */
export interface NewMockCombineOrder {
  readonly combineOutTradeNo: string;
  readonly subOrders: readonly NewMockCombineSubOrder[];
  /** Default `JSAPI`. */
  readonly tradeType?: TradeType | undefined;
  readonly sceneInfo?: { readonly deviceId?: string | undefined } | undefined;
  /** Last moment at which the order can be paid; default: none. */
  readonly timeExpire?: Date | undefined;
}

export interface NewMockCombineSubOrder {
  readonly outTradeNo: string;
  readonly amount: { readonly total: number; readonly currency?: string | undefined };
  /** Default: the gateway's merchant. */
  readonly mchid?: string | undefined;
  readonly subMchid?: string | undefined;
  readonly subAppid?: string | undefined;
  readonly attach?: string | undefined;
}

/** Payment of a combine order; each field has a default. */
export interface MockCombinePayment {
  readonly openid?: string | undefined;
  readonly bankType?: string | undefined;
  /** Time of the payment, in milliseconds resolution; default: now. */
  readonly at?: Date | undefined;
  /** Payment of single sub-orders, by their number. Amounts in fen. */
  readonly subOrders?:
    | Readonly<
        Record<
          string,
          {
            readonly payerTotal?: number | undefined;
            readonly promotionDetail?: readonly OrderPromotion[] | undefined;
          }
        >
      >
    | undefined;
}
