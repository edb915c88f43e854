import { checkSubMerchant, type SubMerchantRef } from '../order-ref.js';
import type { InputReader } from './input-reader.js';
import { readDetail, type PrepayDetail } from './order-detail.js';

/** Amount of an order to place. */
export interface PrepayAmount {
  /** Integer in fen (分), at least 1. */
  readonly total: number;
  /** Default `CNY`, the only currency of merchants in mainland China. */
  readonly currency?: string | undefined;
}

/** Settlement of an order to place. */
export interface PrepaySettleInfo {
  /** True if the amount is to be shared with other receivers (分账); it stays frozen until then. */
  readonly profitSharing?: boolean | undefined;
}

/** Members that every order to place has, whichever way it is paid. */
export interface NewOrder extends SubMerchantRef {
  /** The merchant's number of the order: 6 to 32 characters of `0-9 A-Z a-z _ - | *`. */
  readonly outTradeNo: string;
  /** Shown to the customer; at most 127 characters. */
  readonly description: string;
  readonly amount: PrepayAmount;
  /** Appid that the order is placed with; default: the merchant's `appid`. For a service provider, its own. */
  readonly appid?: string | undefined;
  /** Returned with the order and in notifications; at most 128 characters. */
  readonly attach?: string | undefined;
  /** Selects coupons (订单优惠标记); at most 32 characters. */
  readonly goodsTag?: string | undefined;
  readonly detail?: PrepayDetail | undefined;
  readonly settleInfo?: PrepaySettleInfo | undefined;
  /** True if the customer can ask for an electronic invoice (电子发票). */
  readonly supportFapiao?: boolean | undefined;
}

const APPID = /^[0-9A-Za-z_-]+$/;
const NEW_OUT_TRADE_NO = {
  min: 6,
  max: 32,
  pattern: /^[0-9A-Za-z_\-|*]+$/,
  expected: '6 to 32 characters of 0-9 A-Z a-z _ - | *, a number that no other order has',
};

/**
 * Reads the members that every order to place has.
 *
 * @returns a copy of the checked members only
 * @throws {WxPayInputError} naming the invalid member
 */
export function readNewOrder(order: InputReader): NewOrder {
  return {
    outTradeNo: readNewOutTradeNo(order),
    description: readDescription(order),
    amount: readAmount(order),
    appid: readAppid(order),
    ...readSubMerchant(order),
    attach: order.text('attach', { max: 128 }),
    goodsTag: order.text('goodsTag', { max: 32 }),
    detail: readDetail(order),
    settleInfo: order.object('settleInfo', (settle) => ({ profitSharing: settle.flag('profitSharing') })),
    supportFapiao: order.flag('supportFapiao'),
  };
}

/** Reads the number of an order to place; the rules are stricter than for queries. */
export function readNewOutTradeNo(order: InputReader, name = 'outTradeNo'): string {
  return order.requiredText(name, NEW_OUT_TRADE_NO);
}

export function readDescription(order: InputReader): string {
  return order.requiredText('description', { max: 127 });
}

export function readAppid(order: InputReader, name = 'appid'): string | undefined {
  const expected = 'an appid, 1 to 32 characters of 0-9 A-Z a-z _ -';
  return order.text(name, { max: 32, pattern: APPID, expected });
}

export function readAmount(order: InputReader): PrepayAmount {
  return order.requiredObject('amount', (amount) => ({
    total: amount.requiredInteger('total', { min: 1, unit: 'of fen (1999 for ¥19.99)' }),
    currency: amount.text('currency', { max: 3, pattern: /^CNY$/, expected: 'CNY, the only currency' }),
  }));
}

/** Reads the sub-merchant that an order is placed for. */
export function readSubMerchant(order: InputReader): SubMerchantRef {
  const ref = { subMchid: order.value('subMchid'), subAppid: order.value('subAppid') };
  // Sound: checkSubMerchant checks values of any type.
  return checkSubMerchant(ref as SubMerchantRef, order.pathOf(''));
}
