/** Reason for which the mock gateway refuses a refund. */
export type RefundRefusalReason =
  'not-paid' | 'too-old' | 'other-content' | 'other-total' | 'refunded-in-full' | 'too-much' | 'too-many';

/** Refusal of a refund; each API words it in its own way. */
export class RefundRefusal extends Error {
  readonly reason: RefundRefusalReason;

  constructor(reason: RefundRefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
