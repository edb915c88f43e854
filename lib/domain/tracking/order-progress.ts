/** Final result of tracking an order. `reverse-required`: an open 付款码 order, which is not closed but reversed. */
export type TrackedOutcome = 'paid' | 'closed' | 'not-found' | 'reverse-required';

/** Progress of a tracked order: plain values that a job or a row of a table stores between two steps. */
export interface OrderProgress {
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Number of queries that found the order open. */
  readonly checks: number;
  /** Number of consecutive steps that left the state unknown, such as those of an outage. 0 after a verified reply. */
  readonly failures: number;
  /** Earliest time of the next step: the end of the last one, or the `retryAt` of a settlement that came too early. */
  readonly notBefore?: Date | undefined;
  /** Known outcome. Store it before it is delivered to the app, so that a failure of the app causes no other request. */
  readonly outcome?: TrackedOutcome | undefined;
  /** True once the app has taken the outcome. */
  readonly told?: boolean | undefined;
}
