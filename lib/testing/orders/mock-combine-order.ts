import type { CombineOrder, CombineSubOrder, OrderPromotion, TradeType } from '../../index.js';

/** A combine order as the mock gateway keeps it. Never changes; each transition makes a new one. */
export interface MockCombineOrder extends Omit<CombineOrder, 'raw' | 'subOrders'> {
  readonly subOrders: readonly MockCombineSubOrder[];
  readonly createdAt: Date;
}

/** One merchant's part of it. */
export interface MockCombineSubOrder extends CombineSubOrder {
  readonly amount: NonNullable<CombineSubOrder['amount']>;
}

/** A combine order to place: 2 to 50 sub-orders. Amounts in fen. */
export interface NewMockCombineOrder {
  readonly combineOutTradeNo: string;
  readonly subOrders: readonly NewMockCombineSubOrder[];
  /** Default `JSAPI`. */
  readonly tradeType?: TradeType | undefined;
  readonly sceneInfo?: CombineOrder['sceneInfo'] | undefined;
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

/** How a combine order is paid; each field has a default. */
export interface MockCombinePayment {
  readonly openid?: string | undefined;
  readonly bankType?: string | undefined;
  /** When, to the millisecond; default: now. */
  readonly at?: Date | undefined;
  /** What becomes of single sub-orders, by their number. Amounts in fen. */
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
