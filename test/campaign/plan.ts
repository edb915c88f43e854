import type { MockFaultKind } from 'nestjs-wxpay/testing';
import type { NotificationKind } from './notification-troubles.js';

/** What a shop asks of the library, and is told. */
export const OPERATIONS = [
  'query',
  'share',
  'close',
  'settle',
  'watch',
  'queryMany',
  'reverse',
  'combine.query',
  'combine.close',
  'combine.notify',
  'notify',
  'client',
  'settle.new',
  'post',
  'books',
  'register',
  'reverse.v2',
  'prepay',
  'combine.prepay',
  'refund',
  'refund.v2',
  'code',
  'code.v2',
  'bill',
] as const;

export type OperationName = (typeof OPERATIONS)[number];

/** The APIs and merchants that a shop uses. */
export const APIS = ['v3', 'partner', 'v2', 'v2 partner'] as const;

export type Api = (typeof APIS)[number];

/** What a campaign does. Everything but the moments at which things happen follows from it. */
export interface Plan {
  readonly seed: number;
  readonly calls: number;
  /** The share of requests, and of notifications, that go wrong. */
  readonly rate: number;
  readonly operations: readonly OperationName[];
  readonly apis: readonly Api[];
  /** Default: all kinds that apply. */
  readonly kinds?: readonly MockFaultKind[];
  /** The same for notifications. */
  readonly notificationKinds?: readonly NotificationKind[];
  /** Where requests go wrong. */
  readonly faultyHosts: 'both' | 'main';
  /** Whether hosts go down and come back. */
  readonly outages: boolean;
  /** The share of the callers who give up while a call is under way. */
  readonly leaving: number;
  /** How many scenes are played at a time. */
  readonly concurrency: number;
  /** Once so many calls were made, everything is taken down, looked over, and begun anew. */
  readonly callsInRound: number;
  /** How many calls one merchant makes first, to see what each leaves in memory; 0 leaves that unmeasured. */
  readonly enduranceCalls: number;
}

/** What is played unless said otherwise. */
export const WHOLE: Omit<Plan, 'seed' | 'calls'> = {
  rate: 0.3,
  // As often as they stand there.
  operations: [...OPERATIONS, 'query', 'settle', 'settle', 'close', 'query'],
  apis: ['v3', 'v3', 'partner', 'v2', 'v2 partner'],
  faultyHosts: 'both',
  outages: true,
  leaving: 0.03,
  concurrency: 40,
  callsInRound: 2_000,
  enduranceCalls: 4000,
};
