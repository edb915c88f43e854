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
 * An order that is paid in one go for several merchants (合单). It has no state of its own: see {@link combinedTradeState}.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012557098
 */
export interface CombineOrder {
  /** Empty if WeChat Pay sends none: closing the order takes the one that it was placed with. */
  readonly combineAppid: string;
  readonly combineMchid: string;
  readonly combineOutTradeNo: string;
  /** WeChat's number of the whole, once paid. */
  readonly combineTransactionId?: string;
  /** Who paid; personal data. */
  readonly combinePayerInfo?: { readonly openid?: string };
  readonly sceneInfo?: { readonly deviceId?: string };
  readonly tradeScenario?: string;
  readonly subOrders: readonly CombineSubOrder[];
  /** The verified reply as received; not enumerable. */
  readonly raw: unknown;
}

/** One merchant's part of a combine order. */
export interface CombineSubOrder extends Pick<Order, 'tradeState' | 'tradeType'> {
  readonly mchid: string;
  readonly outTradeNo: string;
  readonly transactionId?: string;
  readonly subMchid?: string;
  readonly subAppid?: string;
  /** The customer under `subAppid`; personal data. */
  readonly subOpenid?: string;
  readonly bankType?: string;
  readonly attach?: string;
  readonly successTime?: Date;
  readonly amount?: CombineSubOrderAmount;
  readonly promotionDetail?: readonly OrderPromotion[];
}

/** Amounts are integers in fen (分). */
export interface CombineSubOrderAmount {
  readonly totalAmount: number;
  /** What the customer paid, after coupons. */
  readonly payerAmount?: number;
  readonly currency?: string;
  readonly payerCurrency?: string;
  /** The exchange rate times 10⁸. */
  readonly settlementRate?: number;
}

/** Closes a combine order: its sub-orders are named exactly as they were placed, all of them. */
export interface CombineCloseRequest {
  readonly combineOutTradeNo: string;
  readonly combineAppid: string;
  readonly subOrders: readonly CombineCloseSubOrder[];
}

export interface CombineCloseSubOrder extends SubMerchantRef {
  readonly mchid: string;
  readonly outTradeNo: string;
}

const MIN_SUB_ORDERS = 2;
/** What a service provider may combine; a direct merchant may combine 10. */
const MAX_SUB_ORDERS = 50;

/**
 * The state of a combine order as a whole, or undefined while its parts disagree: ask again then.
 *
 * A combine order is paid or closed as a whole, so its parts agree but for two cases: refunds happen one by one, and
 * an order with any refund counts as `REFUND`, as a single order does; and a reply may catch a change half-way.
 */
export function combinedTradeState({ subOrders }: Pick<CombineOrder, 'subOrders'>): TradeState | undefined {
  const [state, ...others] = new Set(subOrders.map(({ tradeState }) => tradeState));
  if (others.length === 0) return state;
  const isPaid = subOrders.every(({ tradeState }) => tradeState === 'SUCCESS' || tradeState === 'REFUND');
  return isPaid ? 'REFUND' : undefined;
}

/** Names a combine order in error messages. */
export function combineSubject({ combineOutTradeNo }: Pick<CombineOrder, 'combineOutTradeNo'>): string {
  return `combine order ${combineOutTradeNo}`;
}

/** @throws {WxPayInputError} if the number is malformed */
export function checkCombineOutTradeNo(combineOutTradeNo: string): string {
  return checkOutTradeNo(combineOutTradeNo, 'combineOutTradeNo');
}

/**
 * Checks a request to close that came from outside.
 *
 * @returns a copy of what was checked, and of nothing else
 * @throws {WxPayInputError} naming the field at fault
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
  if (!Array.isArray(subOrders) || subOrders.length < MIN_SUB_ORDERS || subOrders.length > MAX_SUB_ORDERS) {
    throw new WxPayInputError(
      'subOrders',
      `must name all sub-orders, from ${MIN_SUB_ORDERS} to ${MAX_SUB_ORDERS} of them.`,
    );
  }
  const keys = new Set<string>();
  return subOrders.map((subOrder: CombineCloseSubOrder, index) => {
    const at = `subOrders[${index}].`;
    const mchid = checkMchid(subOrder?.mchid, `${at}mchid`);
    const outTradeNo = checkOutTradeNo(subOrder.outTradeNo, `${at}outTradeNo`);
    const checked = { mchid, outTradeNo, ...checkSubMerchant(subOrder, at) };
    // Merchants number their own orders: two of them may use the same number in one combine order.
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
