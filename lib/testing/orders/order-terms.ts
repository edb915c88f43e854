import type { TradeState, TradeType } from '../../index.js';

/** Order numbers accepted in queries and tests; as lenient as the most lenient of WeChat Pay's pages. */
export const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*@]{1,32}$/;

/** Default customer. */
export const DEFAULT_PAYER = {
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  subOpenid: 'oUpF8uN95-Ptaags6E_roPHg7AG0',
};

const OPEN_STATES: readonly TradeState[] = ['NOTPAY', 'USERPAYING', 'PAYERROR', 'ACCEPT'];
const PAID_STATES: readonly TradeState[] = ['SUCCESS', 'REFUND'];

/** Returns true if an order may still be paid, closed or reversed. */
export function isOpen(tradeState: TradeState): boolean {
  return OPEN_STATES.includes(tradeState);
}

/** Returns true if an order was paid, even if it was refunded since. */
export function isPaid(tradeState: TradeState): boolean {
  return PAID_STATES.includes(tradeState);
}

/** Returns true if a moment is after the last one at which an order can be paid. */
export function isPast(end: Date | undefined, moment: Date): boolean {
  return end !== undefined && moment > end;
}

/** Returns true for order types that are reversed instead of closed: paid by 付款码 or by face. */
export function isReversible(tradeType: TradeType | undefined): boolean {
  return tradeType === 'MICROPAY' || tradeType === 'FACEPAY';
}

/** Checks an order number. @throws {Error} if it is malformed */
export function checkNumber(outTradeNo: string): void {
  if (!OUT_TRADE_NO.test(outTradeNo)) {
    throw new Error(
      `Order number "${outTradeNo}" is malformed. Use 1 to 32 characters of 0-9 A-Z a-z _ - | * @.`,
    );
  }
}

/** Checks an amount. @throws {Error} if it is not a positive integer */
export function checkTotal(outTradeNo: string, total: number): void {
  if (!Number.isSafeInteger(total) || total < 1) {
    throw new Error(`Order "${outTradeNo}" needs amount.total as a positive integer in fen.`);
  }
}
