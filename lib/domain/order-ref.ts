import { WxPayInputError } from '../errors/wxpay-input-error.js';

/** One of the two numbers of an order. Prefer `transactionId` once the order is paid; an unpaid order has none. */
export type OrderKey =
  | { readonly outTradeNo: string; readonly transactionId?: never }
  | { readonly transactionId: string; readonly outTradeNo?: never };

/** Addresses one order; a plain, serialisable value. */
export type OrderRef = OrderKey;

/** Addresses an order to close; WeChat Pay closes by the merchant's number only. */
export interface CloseOrderRef {
  readonly outTradeNo: string;
}

// The official pages disagree about the alphabet; this is their union. None of it can leave a path segment.
const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*@]{1,32}$/;
const TRANSACTION_ID = /^[0-9A-Za-z_-]{1,32}$/;

/**
 * Checks an order reference that came from outside.
 *
 * @throws {WxPayInputError} naming the number at fault
 */
export function checkOrderRef(ref: OrderRef): void {
  const { outTradeNo, transactionId }: { outTradeNo?: unknown; transactionId?: unknown } = ref ?? {};
  if ((outTradeNo === undefined) === (transactionId === undefined)) {
    throw new WxPayInputError('ref', 'needs exactly one of outTradeNo and transactionId.');
  }
  if (transactionId === undefined) checkOutTradeNo(outTradeNo);
  else checkTransactionId(transactionId);
}

/** @throws {WxPayInputError} naming the number at fault */
export function checkCloseOrderRef(ref: CloseOrderRef): void {
  checkOutTradeNo((ref as CloseOrderRef | undefined)?.outTradeNo);
}

function checkOutTradeNo(value: unknown): void {
  if (!matches(OUT_TRADE_NO, value)) {
    throw new WxPayInputError(
      'outTradeNo',
      `must be 1 to 32 characters of 0-9 A-Z a-z _ - | * @, the number under which the order was placed; received ${describe(value)}.`,
    );
  }
}

function checkTransactionId(value: unknown): void {
  if (!matches(TRANSACTION_ID, value)) {
    throw new WxPayInputError(
      'transactionId',
      `must be 1 to 32 characters of 0-9 A-Z a-z _ -, as WeChat Pay gave it; received ${describe(value)}.`,
    );
  }
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function describe(value: unknown): string {
  return typeof value === 'string'
    ? `a string of ${value.length} characters`
    : `a value of type ${typeof value}`;
}
