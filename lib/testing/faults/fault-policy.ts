import type { MockBehaviourScope } from './behaviour.js';

/** What can go wrong at random; docs/testing.md says what each kind does. */
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

/** How many requests go wrong, and how. */
export interface MockFaultPolicy {
  /** A whole number. The same seed makes the same faults out of the same requests. */
  readonly seed: number;
  /** The share of the requests that go wrong, from 0 to 1. */
  readonly rate: number;
  /**
   * The kinds to choose from, all alike or by weight. Of them, those that apply to the API and the operation asked are
   * eligible. Default: all.
   */
  readonly kinds?: readonly MockFaultKind[] | Readonly<Partial<Record<MockFaultKind, number>>> | undefined;
  /** Leaves other requests alone. */
  readonly when?: MockBehaviourScope['when'] | undefined;
}
