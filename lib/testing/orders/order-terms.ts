import type { TradeState, TradeType } from '../../index.js';

/** Order numbers that queries and tests may use: as lenient as the most lenient of WeChat Pay's pages. */
export const OUT_TRADE_NO = /^[0-9A-Za-z_\-|*@]{1,32}$/;

/** Who pays unless a test says otherwise. */
export const SOMEBODY = { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', subOpenid: 'oUpF8uN95-Ptaags6E_roPHg7AG0' };

const UNDECIDED: readonly TradeState[] = ['NOTPAY', 'USERPAYING', 'PAYERROR', 'ACCEPT'];
const PAID: readonly TradeState[] = ['SUCCESS', 'REFUND'];

/** Whether an order may still be paid, closed or reversed. */
export function isUndecided(tradeState: TradeState): boolean {
  return UNDECIDED.includes(tradeState);
}

/** Whether an order has been paid, refunded or not. */
export function isPaid(tradeState: TradeState): boolean {
  return PAID.includes(tradeState);
}

/** Tells if orders of that type are reversed: those that are paid by 付款码 or by face. */
export function isReversible(tradeType: TradeType | undefined): boolean {
  return tradeType === 'MICROPAY' || tradeType === 'FACEPAY';
}

/** @throws {Error} if the number is malformed */
export function checkNumber(outTradeNo: string): void {
  if (!OUT_TRADE_NO.test(outTradeNo))
    throw new Error(
      `Order number "${outTradeNo}" is malformed. Use 1 to 32 characters of 0-9 A-Z a-z _ - | * @.`,
    );
}

/** @throws {Error} if the total is not a positive integer */
export function checkTotal(outTradeNo: string, total: number): void {
  if (!Number.isSafeInteger(total) || total < 1)
    throw new Error(`Order "${outTradeNo}" needs amount.total as a positive integer in fen.`);
}
