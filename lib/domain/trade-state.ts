/**
 * State of an order. WeChat Pay may add states: treat an unknown state as not final.
 *
 * - `SUCCESS`: paid; `REFUND`: paid, then refunded in part or in full
 * - `NOTPAY`: not paid yet, also after a failed payment; `ACCEPT`: accepted, waiting for the debit
 * - `CLOSED`: closed, can no longer be paid
 * - only 付款码 orders: `USERPAYING`: the customer is entering a password; `PAYERROR`: payment failed; `REVOKED`: reversed
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

/** Method by which an order was placed; `JSAPI` includes mini programs, `MICROPAY` is 付款码, `MWEB` is H5. */
export type TradeType = 'JSAPI' | 'NATIVE' | 'APP' | 'MICROPAY' | 'MWEB' | 'FACEPAY' | (string & {});

/** Tells whether orders of this type are paid by a code or a face shown at the counter: they are reversed, not closed. */
export function isPaidAtCounter(tradeType: TradeType | undefined): boolean {
  return tradeType === 'MICROPAY' || tradeType === 'FACEPAY';
}
