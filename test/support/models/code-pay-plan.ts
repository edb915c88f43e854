export type CodePayState =
  'ABSENT' | 'NOTPAY' | 'USERPAYING' | 'PAYERROR' | 'SUCCESS' | 'REFUND' | 'CLOSED' | 'REVOKED';

/** What happens at the gateway while the flow runs. Each happens if the state allows it. */
export type CodePayEvent = 'pay' | 'fail' | 'close' | 'reverse' | 'refund' | 'arrive';

/** What goes wrong with a call. A `held` request arrives with the event `arrive`, or after the flow. */
export type CodePayFault =
  | 'not sent'
  | 'lost before it took effect'
  | 'lost after it took effect'
  | 'held'
  | 'signature refused'
  | 'SYSTEM_ERROR'
  | 'SYSTEM_ERROR after it took effect'
  | 'SYSTEM_ERROR, held'
  | 'false refusal'
  | 'unsigned ORDER_NOT_EXIST'
  | 'signed ORDER_NOT_EXIST'
  | 'state of before'
  | 'SIGN_ERROR'
  | 'TRADE_ERROR'
  | 'recall'
  | 'no effect';

export const PAY_FAULTS: readonly CodePayFault[] = [
  'not sent',
  'lost before it took effect',
  'lost after it took effect',
  'held',
  'signature refused',
  'SYSTEM_ERROR',
  'SYSTEM_ERROR after it took effect',
  'SYSTEM_ERROR, held',
  'false refusal',
];
export const QUERY_FAULTS: readonly CodePayFault[] = [
  'lost before it took effect',
  'signature refused',
  'SYSTEM_ERROR',
  'SIGN_ERROR',
  'unsigned ORDER_NOT_EXIST',
  'signed ORDER_NOT_EXIST',
  'state of before',
];
export const REVERSE_FAULTS: readonly CodePayFault[] = [
  'lost before it took effect',
  'lost after it took effect',
  'held',
  'signature refused',
  'SYSTEM_ERROR',
  'SYSTEM_ERROR after it took effect',
  'SYSTEM_ERROR, held',
  'SIGN_ERROR',
  'TRADE_ERROR',
  'unsigned ORDER_NOT_EXIST',
  'recall',
  'no effect',
];

export interface CodePayPlan {
  /** What the customer's code leads to; a refusal names the state that it leaves. */
  readonly customer: 'pays' | 'types' | 'refused: ABSENT' | 'refused: NOTPAY' | 'refused: PAYERROR';
  /** State before the payment request; default `ABSENT`. Any other belongs to an earlier request under the number. */
  readonly initial?: CodePayState;
  /** Total of that earlier order; default: the requested one. */
  readonly initialTotal?: number;
  /** Events by the moment: 2n is before the call number n is handled, 2n + 1 before its reply arrives. */
  readonly events?: ReadonlyMap<number, readonly CodePayEvent[]>;
  /** Faults by the number of the call. */
  readonly faults?: ReadonlyMap<number, CodePayFault>;
  /** APIv2 signs its refusals, and no reply to a reversal names the order. */
  readonly isV2?: boolean;
}

export interface CodePayCall {
  readonly kind: 'pay' | 'query' | 'reverse';
  /** State of the order when the call was handled. */
  readonly truth: CodePayState;
  readonly at: number;
}
