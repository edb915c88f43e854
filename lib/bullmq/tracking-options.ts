import type { ModuleMetadata, Type } from '@nestjs/common';
import type { QueueOptions } from 'bullmq';
import { WxPayConfigError } from '../index.js';
import { faultsOf, isInteger, isRecord, must, optional, type Check } from '../rules/checks.js';
import { MAX_TIMEOUT_MS } from '../rules/limits.js';
import type { OrderSettledHandler } from './order-settled-handler.js';

/** Options of order tracking. */
export interface OrderTrackingOptions {
  /**
   * Connection to Redis, as BullMQ takes it: options such as `{ url }` or `{ host, port }`, or a client. A client is shared by all
   * queues and needs `maxRetriesPerRequest: null`; the app closes it. Set `maxmemory-policy noeviction` and AOF on the server.
   */
  readonly connection: QueueOptions['connection'];
  /**
   * Prefix of all keys in Redis; default `bull`. Give each app and each environment a prefix of its own. On Redis Cluster it needs a hash
   * tag, such as `{wxpay}`.
   */
  readonly prefix?: string | undefined;
  /** False for a process that tracks orders, and leaves the work to others; default true. */
  readonly worker?: boolean | undefined;
  /** Maximum number of steps that a process makes at a time for each merchant; default 20. */
  readonly concurrency?: number | undefined;
  /**
   * Maximum number of steps for each merchant, of all processes together; default 100 in 1000 ms. A step is a query or a
   * settlement. A settlement makes 1 call if the order is paid, 3 if a close ends it and 9 at most with two hosts; each retry of a
   * call is one more request. `Queue#setGlobalRateLimit` overrides `max` while the app runs, not `durationMs`.
   */
  readonly rateLimit?: TrackingRateLimit | undefined;
  /** Number of calls of a handler that throws, before the order is parked; default 12. */
  readonly handlerAttempts?: number | undefined;
  /** Pause after the first failure of the handler, in milliseconds; doubled up to 10 minutes; default 1000. */
  readonly handlerBackoffMs?: number | undefined;
  /** Maximum time that a call of {@link OrderTracker} waits for Redis, in milliseconds; default 5000. */
  readonly trackTimeoutMs?: number | undefined;
  /**
   * Time after which another process repeats the step of a killed one, in milliseconds; at most twice this time passes. Default
   * 30 000, at least 1000. A step is repeated, too, if its process is blocked for so long: leave room for its pauses.
   */
  readonly stalledAfterMs?: number | undefined;
}

/** Limit of steps. */
export interface TrackingRateLimit {
  /** Maximum number of steps in `durationMs`. */
  readonly max: number;
  readonly durationMs: number;
}

/** Settings of the module, which are known before its options are. */
export interface OrderTrackingExtras {
  /** Class of the handler; the module creates it, with what `imports` provide. */
  readonly handler: Type<OrderSettledHandler>;
  /** Modules with what the handler, or the factory of the options, injects. */
  readonly imports?: ModuleMetadata['imports'] | undefined;
  /** True to inject {@link OrderTracker} without importing the module; default false. */
  readonly isGlobal?: boolean | undefined;
  /** Merchants whose queues other modules may inject, by `@InjectQueue`; default: the default merchant. */
  readonly queuesOf?: readonly string[] | undefined;
}

/** Options with the defaults filled in. */
export type ResolvedTrackingOptions = {
  readonly [Name in keyof OrderTrackingOptions]-?: Exclude<OrderTrackingOptions[Name], undefined>;
};

const DEFAULTS = {
  prefix: 'bull',
  worker: true,
  concurrency: 20,
  rateLimit: { max: 100, durationMs: 1_000 },
  handlerAttempts: 12,
  handlerBackoffMs: 1_000,
  trackTimeoutMs: 5_000,
  stalledAfterMs: 30_000,
} as const;

const MILLISECONDS = must(
  optional(isInteger(1, MAX_TIMEOUT_MS)),
  'be a whole number of milliseconds, at least 1.',
);
const CHECKS: Readonly<Record<keyof OrderTrackingOptions, Check>> = {
  connection: must(
    isRecord,
    'be the options of a connection to Redis, such as { url: "redis://localhost:6379" }, or a client.',
  ),
  prefix: must(
    optional((value) => typeof value === 'string' && value !== ''),
    'be a non-empty string.',
  ),
  worker: must(
    optional((value) => typeof value === 'boolean'),
    'be true or false.',
  ),
  concurrency: must(optional(isInteger(1, 10_000)), 'be a whole number from 1 to 10000.'),
  rateLimit: must(
    optional(
      (value) =>
        isRecord(value) &&
        isInteger(1, 1e6)(value['max']) &&
        isInteger(1, MAX_TIMEOUT_MS)(value['durationMs']),
    ),
    'be { max, durationMs }, two whole numbers of at least 1.',
  ),
  handlerAttempts: must(optional(isInteger(1, 1_000)), 'be a whole number from 1 to 1000.'),
  handlerBackoffMs: MILLISECONDS,
  trackTimeoutMs: MILLISECONDS,
  // BullMQ extends each lock in half the time.
  stalledAfterMs: must(
    optional(isInteger(1_000, MAX_TIMEOUT_MS)),
    'be a whole number of milliseconds, at least 1000.',
  ),
};

/**
 * Checks the options and fills in the defaults.
 *
 * @param options unchecked options: a factory may have returned anything
 * @throws {WxPayConfigError} with every fault of the options
 */
export function resolveTrackingOptions(options: OrderTrackingOptions): ResolvedTrackingOptions {
  const given: Readonly<Record<string, unknown>> = Object(options);
  const faults = faultsOf(given, CHECKS);
  if (faults.length > 0) throw new WxPayConfigError(faults.map((fault) => `Order tracking: ${fault}`));
  const names = Object.keys(CHECKS).filter((name) => given[name] !== undefined);
  // Sound: the checks have found the type of each option.
  return {
    ...DEFAULTS,
    ...Object.fromEntries(names.map((name) => [name, given[name]])),
  } as ResolvedTrackingOptions;
}
