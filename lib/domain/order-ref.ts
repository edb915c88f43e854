import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { APPID, MCHID } from '../rules/formats.js';

/** One of the two numbers of an order. Prefer `transactionId` once the order is paid; an unpaid order has none. */
export type OrderKey =
  | { readonly outTradeNo: string; readonly transactionId?: never }
  | { readonly transactionId: string; readonly outTradeNo?: never };

/** Whose order it is, where a service provider (服务商) acts for a sub-merchant. */
export interface SubMerchantRef {
  /** The sub-merchant's number. Its presence selects the partner API. */
  readonly subMchid?: string | undefined;
  /** The sub-merchant's appid, if the order was placed with one. */
  readonly subAppid?: string | undefined;
}

/** Addresses one order; a plain, serialisable value. */
export type OrderRef = OrderKey & SubMerchantRef;

/** Addresses an order to close; WeChat Pay closes by the merchant's number only. */
export interface CloseOrderRef extends SubMerchantRef {
  readonly outTradeNo: string;
}

/** Names an order in error messages. */
export function orderSubject({ outTradeNo, transactionId, subMchid }: OrderRef): string {
  const order = transactionId === undefined ? `order ${outTradeNo}` : `WeChat order ${transactionId}`;
  return subMchid === undefined ? order : `${order} of sub-merchant ${subMchid}`;
}

// The official pages disagree about the alphabet; this is their union. None of it can leave a path segment.
const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*@]{1,32}$/;
const TRANSACTION_ID = /^[0-9A-Za-z_-]{1,32}$/;

/**
 * Checks an order reference that came from outside. A number that is null, as rows of a database have it, is absent.
 *
 * @returns a copy of what was checked, and of nothing else: whatever the caller changes later, or passed beside it, is
 *   not part of the call
 * @throws {WxPayInputError} naming the number at fault
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
  return { ...key, ...checkSubMerchant(ref) };
}

/**
 * Checks a reference to an order that is to be closed; an `Order` will do, as its other number does not count.
 *
 * @returns a copy of what was checked, as {@link checkOrderRef} makes one
 * @throws {WxPayInputError} naming the number at fault
 */
export function checkCloseOrderRef(ref: CloseOrderRef): CloseOrderRef {
  return { outTradeNo: checkOutTradeNo(numbersOf(ref).outTradeNo), ...checkSubMerchant(ref) };
}

/** @throws {WxPayInputError} naming `field` */
export function checkOutTradeNo(value: unknown, field = 'outTradeNo'): string {
  return check(
    OUT_TRADE_NO,
    value,
    field,
    '1 to 32 characters of 0-9 A-Z a-z _ - | * @, the number under which the order was placed',
  );
}

/** @throws {WxPayInputError} naming `field` */
export function checkMchid(value: unknown, field: string): string {
  return check(MCHID, value, field, 'a merchant number, 1 to 32 digits');
}

/** @throws {WxPayInputError} naming `field` */
export function checkAppid(value: unknown, field: string): string {
  return check(APPID, value, field, 'an appid, 1 to 32 characters of 0-9 A-Z a-z _ -');
}

/**
 * @param at where the reference stands in the argument, for example `subOrders[1].`
 * @returns a copy of the numbers that are there
 * @throws {WxPayInputError} naming the field at fault
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

/** The members of a reference as a JavaScript caller may have passed them, null taken for absent. */
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

/** Names what was passed in place of a reference, without a value in it. */
function receivedInsteadOf(ref: unknown): string {
  if (ref === null) return 'null';
  if (typeof ref !== 'object') return `a value of type ${typeof ref}`;
  const names = Object.keys(ref).filter((name) => /^[a-z_]{1,32}$/i.test(name));
  return names.length === 0 ? 'neither' : `an object with ${names.slice(0, 5).join(', ')}`;
}

function checkTransactionId(value: unknown): string {
  return check(
    TRANSACTION_ID,
    value,
    'transactionId',
    '1 to 32 characters of 0-9 A-Z a-z _ -, as WeChat Pay gave it',
  );
}

function check(pattern: RegExp, value: unknown, field: string, expected: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  const received =
    typeof value === 'string' ? `a string of ${value.length} characters` : `a value of type ${typeof value}`;
  throw new WxPayInputError(field, `must be ${expected}; received ${received}.`);
}
