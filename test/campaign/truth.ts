import type { CombineOrder, CombineSubOrder, Order } from 'nestjs-wxpay';
import type { MockCombineOrder, MockCombineSubOrder, MockOrder } from 'nestjs-wxpay/testing';

/** Whether what a call says of an order is what the gateway knew, field by field. */
export function isTrue(said: Order, known: MockOrder): boolean {
  return (
    said.mchid === known.mchid &&
    said.subMchid === known.subMchid &&
    isAbsentOr(said.subAppid, known.subAppid) &&
    said.appid === known.appid &&
    said.outTradeNo === known.outTradeNo &&
    said.transactionId === known.transactionId &&
    said.tradeState === known.tradeState &&
    isAbsentOr(said.tradeType, known.tradeType) &&
    said.bankType === known.bankType &&
    said.attach === known.attach &&
    seconds(said.successTime) === seconds(known.successTime) &&
    said.payer?.openid === known.payer?.openid &&
    said.payer?.subOpenid === known.payer?.subOpenid &&
    isTrueAmount(said, known) &&
    isExact(said.raw)
  );
}

/** Amounts may be left out until the order is paid, and their currency is. */
function isTrueAmount({ amount: said }: Order, { amount: known, transactionId }: MockOrder): boolean {
  if (said === undefined) return transactionId === undefined;
  return (
    said.total === known.total &&
    said.payerTotal === known.payerTotal &&
    isAbsentOr(said.currency, known.currency) &&
    isAbsentOr(said.payerCurrency, known.payerCurrency)
  );
}

/** The same for a combine order and all its parts. */
export function isTrueCombine(said: CombineOrder, known: MockCombineOrder): boolean {
  return (
    said.combineOutTradeNo === known.combineOutTradeNo &&
    said.combineAppid === known.combineAppid &&
    said.combineMchid === known.combineMchid &&
    said.combineTransactionId === known.combineTransactionId &&
    said.combinePayerInfo?.openid === known.combinePayerInfo?.openid &&
    isExact(said.raw) &&
    said.subOrders.length === known.subOrders.length &&
    said.subOrders.every((part) => known.subOrders.some((other) => isTruePart(part, other)))
  );
}

function isTruePart(said: CombineSubOrder, known: MockCombineSubOrder): boolean {
  return (
    said.outTradeNo === known.outTradeNo &&
    said.mchid === known.mchid &&
    said.subMchid === known.subMchid &&
    said.tradeState === known.tradeState &&
    said.transactionId === known.transactionId &&
    isAbsentOr(said.amount?.totalAmount, known.amount.totalAmount) &&
    said.amount?.payerAmount === known.amount.payerAmount
  );
}

/** Whether no number was rounded: those that JavaScript cannot hold are kept as texts. */
function isExact(raw: unknown): boolean {
  if (typeof raw === 'number') return Math.abs(raw) <= Number.MAX_SAFE_INTEGER;
  return typeof raw !== 'object' || raw === null || Object.values(raw).every(isExact);
}

function isAbsentOr(said: unknown, known: unknown): boolean {
  return said === undefined || said === known;
}

/** WeChat Pay tells time to the second. */
function seconds(date: Date | undefined): number | undefined {
  return date && Math.floor(date.getTime() / 1000);
}
