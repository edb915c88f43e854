import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { isNotifyUrl, MAX_REFUND_NOTIFY_URL, notifyUrlFault } from '../../rules/notify-url.js';
import { checkText } from '../check-text.js';
import { checkOrderRef, type OrderKey, type SubMerchantRef } from '../order-ref.js';
import { listOf, membersOf, oneOf, optionalMember, textUpTo, wholeNumber, type Check } from './checks.js';
import type { RefundGoods, RefundSource } from './refund.js';
import { checkOutRefundNo } from './refund-ref.js';

/**
 * Refund of a paid order, in part or in full. Name the order by `transactionId`, or by the number under which it was placed;
 * a sub-order of a combine order by its own number.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071036
 */
export type RefundRequest = OrderKey & SubMerchantRef & RefundContent;

/** Content of a refund, besides its order. */
export interface RefundContent {
  /**
   * The merchant's number of the refund, at most 64 characters of `0-9 A-Z a-z _ - | * @`. Store it before the call: the same
   * number with the same content is the same refund, however often it is sent, and a new number is a second refund.
   */
  readonly outRefundNo: string;
  readonly amount: RefundRequestAmount;
  /** Reason that the customer is shown; at most 80 characters. */
  readonly reason?: string | undefined;
  /**
   * Address that WeChat Pay sends the notification of this refund to: https, without a query, at most 256 characters. Default:
   * the option `refundNotifyUrl`, otherwise the address in the merchant console.
   */
  readonly notifyUrl?: string | undefined;
  /**
   * Account that the money comes from; leave it out unless your account has a choice. `AVAILABLE` is the available balance,
   * `UNSETTLED` the unsettled funds.
   */
  readonly fundsAccount?: RefundFundsAccount | undefined;
  /** Returned articles, for an order that was placed with articles; APIv3 only. */
  readonly goodsDetail?: readonly RefundGoods[] | undefined;
}

/** Account that a merchant can choose for a refund. */
export type RefundFundsAccount = 'AVAILABLE' | 'UNSETTLED';

/** Amounts of a request for a refund: integers in fen (分). */
export interface RefundRequestAmount {
  /** Amount to give back: at least 1; all refunds of an order together are at most its total. */
  readonly refund: number;
  /** Total of the order, as it was placed. */
  readonly total: number;
  /** Default `CNY`. */
  readonly currency?: string | undefined;
  /** Accounts that each pay for a part of the refund, and together for all of it. APIv3 only. */
  readonly from?: readonly RefundSource[] | undefined;
}

/** Terms of the merchant for its refunds. */
export interface RefundRules {
  /** Default of `notifyUrl`. */
  readonly refundNotifyUrl?: string | undefined;
  /** Accepts plain http to a loopback address as `notifyUrl`. */
  readonly isLocalNotifyUrlAllowed: boolean;
}

const MAX_REASON = 80;
const FUNDS_ACCOUNTS: readonly RefundFundsAccount[] = ['AVAILABLE', 'UNSETTLED'];
const SOURCES: readonly RefundSource['account'][] = ['AVAILABLE', 'UNAVAILABLE'];
/** WeChat Pay documents no maximum. This one bounds the size of the request. */
const MAX_GOODS = 1_000;

const fen = wholeNumber(1);
const price = wholeNumber(0);
const goodsId = textUpTo(32);
const goodsName = textUpTo(256);

/**
 * Checks a request for a refund.
 *
 * @returns a copy of the checked members only, with the defaults of the merchant
 * @throws {WxPayInputError} naming the invalid member, for example `amount.refund`
 */
export function checkRefundRequest(request: RefundRequest, rules: RefundRules): RefundRequest {
  const order = checkOrderRef(request);
  const given = membersOf(request, 'request');
  return {
    ...order,
    outRefundNo: checkOutRefundNo(given['outRefundNo']),
    amount: amount(given['amount'], 'amount'),
    ...optionalMember(given, 'reason', textUpTo(MAX_REASON)),
    ...(rules.refundNotifyUrl !== undefined && { notifyUrl: rules.refundNotifyUrl }),
    ...optionalMember(given, 'notifyUrl', notifyUrl(rules.isLocalNotifyUrlAllowed)),
    ...optionalMember(given, 'fundsAccount', oneOf(FUNDS_ACCOUNTS)),
    ...optionalMember(given, 'goodsDetail', listOf(goods, MAX_GOODS)),
  };
}

const amount: Check<RefundRequestAmount> = (value, field) => {
  const given = membersOf(value, field);
  const refund = fen(given['refund'], `${field}.refund`);
  const total = fen(given['total'], `${field}.total`);
  if (refund > total) {
    throw new WxPayInputError(`${field}.refund`, 'must be at most amount.total, the total of the order.');
  }
  return {
    refund,
    total,
    ...optionalMember(given, 'currency', currency, `${field}.currency`),
    ...optionalMember(given, 'from', sourcesOf(refund), `${field}.from`),
  };
};

const currency: Check<string> = (value, field) =>
  checkText(/^[A-Z]{3}$/, value, field, 'a currency of three capital letters, such as CNY');

const source: Check<RefundSource> = (value, field) => {
  const given = membersOf(value, field);
  return {
    account: oneOf(SOURCES)(given['account'], `${field}.account`),
    amount: fen(given['amount'], `${field}.amount`),
  };
};

/** Checks accounts that together pay for a refund. */
function sourcesOf(refund: number): Check<readonly RefundSource[]> {
  return (value, field) => {
    const sources = listOf(source, SOURCES.length)(value, field);
    if (new Set(sources.map(({ account }) => account)).size < sources.length) {
      throw new WxPayInputError(field, 'must list each account once.');
    }
    if (sources.reduce((sum, { amount: part }) => sum + part, 0) !== refund) {
      throw new WxPayInputError(field, 'must add up to amount.refund.');
    }
    return sources;
  };
}

const goods: Check<RefundGoods> = (value, field) => {
  const given = membersOf(value, field);
  return {
    merchantGoodsId: goodsId(given['merchantGoodsId'], `${field}.merchantGoodsId`),
    ...optionalMember(given, 'wechatpayGoodsId', goodsId, `${field}.wechatpayGoodsId`),
    ...optionalMember(given, 'goodsName', goodsName, `${field}.goodsName`),
    unitPrice: price(given['unitPrice'], `${field}.unitPrice`),
    refundAmount: price(given['refundAmount'], `${field}.refundAmount`),
    refundQuantity: fen(given['refundQuantity'], `${field}.refundQuantity`),
  };
};

function notifyUrl(isLocalAllowed: boolean): Check<string> {
  return (value, field) => {
    if (isNotifyUrl(value, { max: MAX_REFUND_NOTIFY_URL, isLocalAllowed })) return value;
    throw new WxPayInputError(field, notifyUrlFault(MAX_REFUND_NOTIFY_URL));
  };
}
