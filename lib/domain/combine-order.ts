import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { orderKey } from './order-key.js';
import {
  checkAppid,
  checkMchid,
  checkOutTradeNo,
  checkSubMerchant,
  type SubMerchantRef,
} from './order-ref.js';
import type { Order, OrderPromotion } from './order.js';
import type { TradeState } from './trade-state.js';

/**
 * Order with sub-orders of several merchants that are paid together (合单). It has no state of its own: see
 * {@link combinedTradeState}.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012557098
 */
export interface CombineOrder {
  /** The appid of the combine order; empty if WeChat Pay sends none. To close the order, pass the appid it was placed with. */
  readonly combineAppid: string;
  readonly combineMchid: string;
  readonly combineOutTradeNo: string;
  /** WeChat's number of the combine order; absent until it is paid. */
  readonly combineTransactionId?: string;
  /** The customer; personal data. */
  readonly combinePayerInfo?: { readonly openid?: string };
  readonly sceneInfo?: { readonly deviceId?: string };
  readonly tradeScenario?: string;
  readonly subOrders: readonly CombineSubOrder[];
  /** The verified reply as received; not enumerable. */
  readonly raw: unknown;
}

/** Sub-order of one merchant in a combine order. */
export interface CombineSubOrder extends Pick<Order, 'tradeState' | 'tradeType'> {
  readonly mchid: string;
  readonly outTradeNo: string;
  readonly transactionId?: string;
  readonly subMchid?: string;
  readonly subAppid?: string;
  /** The openid of the customer under `subAppid`; personal data. */
  readonly subOpenid?: string;
  readonly bankType?: string;
  readonly attach?: string;
  readonly successTime?: Date;
  readonly amount?: CombineSubOrderAmount;
  readonly promotionDetail?: readonly OrderPromotion[];
}

/** Amounts of a sub-order: integers in fen (分). */
export interface CombineSubOrderAmount {
  readonly totalAmount: number;
  /** Amount that the customer paid, after coupons. */
  readonly payerAmount?: number;
  readonly currency?: string;
  readonly payerCurrency?: string;
  /** The exchange rate times 10⁸. */
  readonly settlementRate?: number;
}

/** Request to close a combine order. List all of its sub-orders, with the same numbers as when the order was placed. */
export interface CombineCloseRequest {
  readonly combineOutTradeNo: string;
  readonly combineAppid: string;
  readonly subOrders: readonly CombineCloseSubOrder[];
}

export interface CombineCloseSubOrder extends SubMerchantRef {
  readonly mchid: string;
  readonly outTradeNo: string;
}

/** Limit for direct merchants; a service provider may place a single sub-order. */
const MIN_SUB_ORDERS = 2;
/** Limit for service providers; direct merchants may combine 10. */
const MAX_SUB_ORDERS = 50;

/**
 * Derives the state of a combine order from its sub-orders. Returns undefined while their states differ: query again then.
 *
 * All sub-orders are paid or closed together, so that their states differ in two cases only. Sub-orders are refunded one by
 * one: with one or more refunds the combine order is `REFUND`, like a single order. And a reply may be made while the
 * states are changing.
 */
export function combinedTradeState({ subOrders }: Pick<CombineOrder, 'subOrders'>): TradeState | undefined {
  const [state, ...others] = new Set(subOrders.map(({ tradeState }) => tradeState));
  if (others.length === 0) return state;
  const isPaid = subOrders.every(({ tradeState }) => tradeState === 'SUCCESS' || tradeState === 'REFUND');
  return isPaid ? 'REFUND' : undefined;
}

/** Returns the name of a combine order for error messages. */
export function combineSubject({ combineOutTradeNo }: Pick<CombineOrder, 'combineOutTradeNo'>): string {
  return `combine order ${combineOutTradeNo}`;
}

/** @throws {WxPayInputError} if the number is malformed */
export function checkCombineOutTradeNo(combineOutTradeNo: string): string {
  return checkOutTradeNo(combineOutTradeNo, 'combineOutTradeNo');
}

/**
 * Checks a close request that the app passes.
 *
 * @returns a copy of the checked members only
 * @throws {WxPayInputError} naming the invalid field
 */
export function checkCombineCloseRequest(request: CombineCloseRequest): CombineCloseRequest {
  const { combineOutTradeNo, combineAppid, subOrders }: Partial<CombineCloseRequest> = request ?? {};
  return {
    combineOutTradeNo: checkOutTradeNo(combineOutTradeNo, 'combineOutTradeNo'),
    combineAppid: checkAppid(combineAppid, 'combineAppid'),
    subOrders: checkSubOrders(subOrders),
  };
}

function checkSubOrders(subOrders: unknown): readonly CombineCloseSubOrder[] {
  const isPartner = Array.isArray(subOrders) && subOrders.some(hasSubMerchant);
  const min = isPartner ? 1 : MIN_SUB_ORDERS;
  if (!Array.isArray(subOrders) || subOrders.length < min || subOrders.length > MAX_SUB_ORDERS) {
    throw new WxPayInputError(
      'subOrders',
      `must name all sub-orders, from ${min} to ${MAX_SUB_ORDERS} of them.`,
    );
  }
  const keys = new Set<string>();
  return subOrders.map((subOrder: CombineCloseSubOrder, index) => {
    const at = `subOrders[${index}].`;
    const mchid = checkMchid(subOrder?.mchid, `${at}mchid`);
    const outTradeNo = checkOutTradeNo(subOrder.outTradeNo, `${at}outTradeNo`);
    const checked = { mchid, outTradeNo, ...checkSubMerchant(subOrder, at) };
    // Each merchant numbers its own orders: two merchants may use the same number in one combine order.
    const key = orderKey('combine', checked, mchid);
    if (keys.has(key)) {
      throw new WxPayInputError(
        `${at}outTradeNo`,
        'is used twice: each sub-order of a merchant needs its own number.',
      );
    }
    keys.add(key);
    return checked;
  });
}

function hasSubMerchant(subOrder: Partial<CombineCloseSubOrder> | null): boolean {
  return subOrder?.subMchid !== undefined && subOrder.subMchid !== null;
}
