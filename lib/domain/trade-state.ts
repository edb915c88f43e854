/**
 * Where an order stands. WeChat Pay may add states: treat one you do not know as "not decided yet".
 *
 * - `SUCCESS` paid; `REFUND` paid, then refunded in part or in full
 * - `NOTPAY` not paid yet, also after a failed attempt; `ACCEPT` accepted, waiting for the debit
 * - `CLOSED` closed, can no longer be paid
 * - only for 付款码 orders: `USERPAYING` the customer is entering a password, `PAYERROR` payment failed, `REVOKED` reversed
 */
export type TradeState =
  | 'SUCCESS'
  | 'REFUND'
  | 'NOTPAY'
  | 'CLOSED'
  | 'REVOKED'
  | 'USERPAYING'
  | 'PAYERROR'
  | 'ACCEPT'
  | (string & {});

/** How the order was placed; `JSAPI` covers mini programs, `MICROPAY` is 付款码, `MWEB` is H5. */
export type TradeType = 'JSAPI' | 'NATIVE' | 'APP' | 'MICROPAY' | 'MWEB' | 'FACEPAY' | (string & {});

/** Tells if an order of this type is paid by a code or a face shown at the counter: it is reversed, not closed. */
export function isPaidAtCounter(tradeType: TradeType | undefined): boolean {
  return tradeType === 'MICROPAY' || tradeType === 'FACEPAY';
}
