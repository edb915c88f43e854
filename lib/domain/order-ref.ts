import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { APPID, MCHID } from '../rules/formats.js';
import { checkText } from './check-text.js';

/** One of the two numbers of an order. Prefer `transactionId` for a paid order; an unpaid order has none. */
export type OrderKey =
  | { readonly outTradeNo: string; readonly transactionId?: never }
  | { readonly transactionId: string; readonly outTradeNo?: never };

/** Sub-merchant that an order belongs to, if a service provider (服务商) acts for one. */
export interface SubMerchantRef {
  /** The sub-merchant's number. If set, the call uses the partner API. */
  readonly subMchid?: string | undefined;
  /** The sub-merchant's appid, if the order was placed with one. */
  readonly subAppid?: string | undefined;
}

/** Reference to one order; a plain, serialisable value. */
export type OrderRef = OrderKey & SubMerchantRef;

/** Reference to an order to close; WeChat Pay closes orders by the merchant's number only. */
export interface CloseOrderRef extends SubMerchantRef {
  readonly outTradeNo: string;
}

/** Returns the name of an order for error messages. */
export function orderSubject({ outTradeNo, transactionId, subMchid }: OrderRef): string {
  const order = transactionId === undefined ? `order ${outTradeNo}` : `WeChat order ${transactionId}`;
  return subMchid === undefined ? order : `${order} of sub-merchant ${subMchid}`;
}

// The official pages disagree about the alphabet; this is their union. No character of it can end a path segment.
const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*@]{1,32}$/;
const TRANSACTION_ID = /^[0-9A-Za-z_-]{1,32}$/;

/**
 * Checks an order reference that the app passes. A number that is null, as in a database row, counts as absent.
 *
 * @returns a copy of the checked members only: later changes and other members of the argument do not affect the call
 * @throws {WxPayInputError} naming the invalid number
 */
export function checkOrderRef(ref: OrderRef): OrderRef {
  const { outTradeNo, transactionId } = numbersOf(ref);
  if ((outTradeNo === undefined) === (transactionId === undefined)) {
    const received = outTradeNo === undefined ? receivedInsteadOf(ref) : 'both';
    throw new WxPayInputError(
      'ref',
      `needs exactly one of outTradeNo and transactionId; received ${received}.`,
    );
  }
  const key =
    transactionId === undefined
      ? { outTradeNo: checkOutTradeNo(outTradeNo) }
      : { transactionId: checkTransactionId(transactionId) };
  return Object.assign(key, checkSubMerchant(ref));
}

/**
 * Checks a reference to an order to close. An `Order` is valid, too: its `transactionId` is ignored.
 *
 * @returns a copy of the checked members only, as {@link checkOrderRef} returns
 * @throws {WxPayInputError} naming the invalid number
 */
export function checkCloseOrderRef(ref: CloseOrderRef): CloseOrderRef {
  return { outTradeNo: checkOutTradeNo(numbersOf(ref).outTradeNo), ...checkSubMerchant(ref) };
}

/** @throws {WxPayInputError} naming `field` */
export function checkOutTradeNo(value: unknown, field = 'outTradeNo'): string {
  return checkText(
    OUT_TRADE_NO,
    value,
    field,
    '1 to 32 characters of 0-9 A-Z a-z _ - | * @, the number under which the order was placed',
  );
}

/** @throws {WxPayInputError} naming `field` */
export function checkMchid(value: unknown, field: string): string {
  return checkText(MCHID, value, field, 'a merchant number, 1 to 32 digits');
}

/** @throws {WxPayInputError} naming `field` */
export function checkAppid(value: unknown, field: string): string {
  return checkText(APPID, value, field, 'an appid, 1 to 32 characters of 0-9 A-Z a-z _ -');
}

/**
 * @param at path of the reference in the argument, for example `subOrders[1].`
 * @returns a copy of the numbers that are set
 * @throws {WxPayInputError} naming the invalid field
 */
export function checkSubMerchant(ref: SubMerchantRef, at = ''): SubMerchantRef {
  const { subMchid, subAppid } = numbersOf(ref);
  if (subMchid === undefined) {
    if (subAppid === undefined) return {};
    throw new WxPayInputError(
      `${at}subMchid`,
      'is missing: an order with a subAppid belongs to a sub-merchant.',
    );
  }
  return {
    subMchid: checkMchid(subMchid, `${at}subMchid`),
    ...(subAppid === undefined ? {} : { subAppid: checkAppid(subAppid, `${at}subAppid`) }),
  };
}

/** Reads the members of a reference, which a JavaScript caller may pass in any type; null counts as absent. */
function numbersOf(ref: unknown): Readonly<Partial<Record<string, unknown>>> {
  if (typeof ref !== 'object' || ref === null) return {};
  const { outTradeNo, transactionId, subMchid, subAppid } = ref as Record<string, unknown>;
  return {
    outTradeNo: outTradeNo ?? undefined,
    transactionId: transactionId ?? undefined,
    subMchid: subMchid ?? undefined,
    subAppid: subAppid ?? undefined,
  };
}

/** Describes an argument that is no reference, by its type or the names of its members, never by their values. */
function receivedInsteadOf(ref: unknown): string {
  if (ref === null) return 'null';
  if (typeof ref !== 'object') return `a value of type ${typeof ref}`;
  const names = Object.keys(ref).filter((name) => /^[a-z_]{1,32}$/i.test(name));
  return names.length === 0 ? 'neither' : `an object with ${names.slice(0, 5).join(', ')}`;
}

function checkTransactionId(value: unknown): string {
  return checkText(
    TRANSACTION_ID,
    value,
    'transactionId',
    '1 to 32 characters of 0-9 A-Z a-z _ -, as WeChat Pay gave it',
  );
}
