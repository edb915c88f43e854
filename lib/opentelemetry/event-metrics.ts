import type { Meter } from '@opentelemetry/api';
import { callAttributes, defined, endAttributes, hostAttributes } from './attributes.js';
import { listen } from './listen.js';

/** Bounds of the buckets for calls in seconds; the default time limit of a call is 10 seconds. */
const CALL_BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/**
 * Events of orders and refunds. A notification may have any other, and a tenant can sign them: each would begin a series of its
 * own.
 */
const EVENT_TYPES: ReadonlySet<string> = new Set([
  'TRANSACTION.SUCCESS',
  'TRANSACTION.FAIL',
  'REFUND.SUCCESS',
  'REFUND.ABNORMAL',
  'REFUND.CLOSED',
]);
/** Label of all other events, by the convention of OpenTelemetry. */
const OTHER = '_OTHER';
/** Bounds of the buckets for lateness, from a second to a day. */
const LATENESS_BOUNDS = [1, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400];

/**
 * Counts and measures the events of calls, notifications and settlements. All labels come from fixed sets, except the merchant's name.
 *
 * @returns ends the subscriptions
 */
export function measureEvents(meter: Meter): () => void {
  const subscriptions = [
    ...measureCalls(meter),
    countNotifications(meter),
    measureSettlements(meter),
    countLostCompletions(meter),
  ];
  return () => subscriptions.forEach((end) => end());
}

function measureCalls(meter: Meter): readonly (() => void)[] {
  const duration = meter.createHistogram('wxpay.call.duration', {
    unit: 's',
    description: 'Duration of calls to WeChat Pay: waiting, signing and retries included.',
    advice: { explicitBucketBoundaries: CALL_BOUNDS },
  });
  const attempts = meter.createCounter('wxpay.call.attempts', {
    unit: '{attempt}',
    description: 'Requests to WeChat Pay; more than calls where calls were retried.',
  });
  const failures = meter.createCounter('wxpay.verification.failures', {
    unit: '{message}',
    description: 'Replies and notifications that could not be verified, probes of WeChat Pay included.',
  });
  return [
    listen('callEnd', (event) => {
      const { durationMs = 0 } = event;
      duration.record(durationMs / 1_000, { ...callAttributes(event), ...endAttributes(event) });
    }),
    listen('attempt', (event) => {
      attempts.add(1, { ...callAttributes(event), ...endAttributes(event), ...hostAttributes(event) });
    }),
    listen('verificationFailure', ({ merchant, operation, reason }) => {
      failures.add(1, {
        'wxpay.merchant': merchant,
        'wxpay.operation': operation,
        'wxpay.reason': reason,
      });
    }),
  ];
}

function countNotifications(meter: Meter): () => void {
  const notifications = meter.createCounter('wxpay.notifications', {
    unit: '{notification}',
    description: 'Notifications that were answered.',
  });
  return listen('notification', ({ merchant, eventType, outcome }) => {
    notifications.add(
      1,
      defined({
        'wxpay.merchant': merchant,
        'wxpay.event_type': labelOf(eventType),
        'wxpay.outcome': outcome,
      }),
    );
  });
}

function labelOf(eventType: string | undefined): string | undefined {
  return eventType === undefined || EVENT_TYPES.has(eventType) ? eventType : OTHER;
}

function measureSettlements(meter: Meter): () => void {
  const settled = meter.createCounter('wxpay.orders.settled', {
    unit: '{order}',
    description:
      'Orders that were settled by settle(), a sweep or the tracker; one that is settled twice counts twice.',
  });
  const lateness = meter.createHistogram('wxpay.order.settle.lateness', {
    unit: 's',
    description: 'Time from the expiry of an order to its settlement.',
    advice: { explicitBucketBoundaries: LATENESS_BOUNDS },
  });
  return listen('settlement', ({ merchant, outcome, latenessMs }) => {
    if (outcome === 'too-young' || outcome === 'unresolved') return;
    const labels = { 'wxpay.merchant': merchant, 'wxpay.outcome': outcome };
    settled.add(1, labels);
    if (latenessMs !== undefined) lateness.record(latenessMs / 1_000, labels);
  });
}

function countLostCompletions(meter: Meter): () => void {
  const lost = meter.createCounter('wxpay.tracking.lost_completions', {
    unit: '{job}',
    description: 'Jobs of tracked orders and refunds that something else completed, and that were put back.',
  });
  return listen('lostCompletion', ({ merchant }) => lost.add(1, { 'wxpay.merchant': merchant }));
}
