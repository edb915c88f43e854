import type { MockBehaviourScope } from './behaviour.js';

/** Kinds of random faults; docs/testing.md describes each. */
export type MockFaultKind =
  | 'hang'
  | 'drip'
  | 'lost-request'
  | 'lost-answer'
  | 'reset-mid-body'
  | 'html'
  | 'redirect'
  | 'system-error'
  | 'rate-limited'
  | 'order-not-exist'
  | 'order-paid'
  | 'order-closed'
  | 'trade-error'
  | 'unsigned'
  | 'missing-header'
  | 'wrong-signature'
  | 'wrong-nonce'
  | 'unknown-serial'
  | 'probe'
  | 'stale'
  | 'future'
  | 'tampered-body'
  | 'downgraded'
  | 'swapped'
  | 'other-merchant'
  | 'wrong-content-type'
  | 'malformed'
  | 'wrong-types'
  | 'decorated'
  | 'doctype'
  | 'duplicate-tag'
  | 'recut'
  | 'oversize'
  | 'bomb'
  | 'pay-during-close';

/** Rate and kinds of random faults. */
export interface MockFaultPolicy {
  /** Integer. The same seed produces the same faults for the same requests. */
  readonly seed: number;
  /** Share of the requests that get a fault, from 0 to 1. */
  readonly rate: number;
  /**
   * Kinds to choose from, with equal or given weights. A kind is only used for APIs and operations that it applies to.
   * Default: all.
   */
  readonly kinds?: readonly MockFaultKind[] | Readonly<Partial<Record<MockFaultKind, number>>> | undefined;
  /** Restricts faults to matching requests. */
  readonly when?: MockBehaviourScope['when'] | undefined;
}
