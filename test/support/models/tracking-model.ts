import * as fc from 'fast-check';
import {
  WxPayApiError,
  WxPayTransportError,
  type OrderProgress,
  type Settlement,
  type StepResult,
  type WxPayError,
} from 'nestjs-wxpay';
import { orderIn, PLACED_AT } from '../fixtures/tracked-orders.js';

const DAY_MS = 86_400_000;
const timeBetween = (fromMs: number, toMs: number): fc.Arbitrary<Date> =>
  fc.integer({ min: fromMs, max: toMs }).map((ms) => new Date(PLACED_AT.getTime() + ms));

/** A time from an hour before the placing, as a clock that is wrong shows it, to ten days after it. */
export const anyTime = fc.oneof(timeBetween(-3_600_000, 4_000_000), timeBetween(0, 10 * DAY_MS));

/** Progress of an order without an outcome. */
export const openProgress: fc.Arbitrary<OrderProgress> = fc.record({
  createdAt: fc.constant(PLACED_AT),
  expiresAt: fc.oneof(timeBetween(1, 3_600_000), timeBetween(1, 7 * DAY_MS)),
  checks: fc.nat(400),
  failures: fc.oneof(fc.constant(0), fc.nat(2_000)),
  notBefore: fc.option(anyTime, { nil: undefined }),
});

const outcomes = fc.constantFrom('paid', 'closed', 'not-found', 'reverse-required');

export const endedProgress: fc.Arbitrary<OrderProgress> = fc
  .tuple(openProgress, outcomes, fc.option(fc.boolean(), { nil: undefined }))
  .map(([progress, outcome, told]) => ({ ...progress, outcome, told }));

export const anyProgress = fc.oneof(openProgress, endedProgress);

function refusal(code: string, httpStatus: number): WxPayApiError {
  const call = { operation: 'order.query', subject: 'order T20260601', merchant: 'default' };
  return new WxPayApiError({ call, code, httpStatus, signed: true });
}

export const notFound: WxPayError = refusal('ORDER_NOT_EXIST', 404);

/** Failures that leave the state of an order unknown. */
export const outages: readonly WxPayError[] = [
  new WxPayTransportError('No host of WeChat Pay replied.'),
  refusal('SYSTEM_ERROR', 500),
  refusal('FREQUENCY_LIMITED', 429),
];

const settlements: readonly Settlement[] = [
  { outcome: 'paid', order: orderIn('SUCCESS'), refunded: false },
  { outcome: 'closed', order: orderIn('CLOSED') },
  { outcome: 'not-found', signed: true },
  { outcome: 'reverse-required', order: orderIn('USERPAYING') },
  { outcome: 'unresolved' },
];

const tooYoung: fc.Arbitrary<StepResult> = anyTime.map((retryAt) => ({
  settlement: { outcome: 'too-young', retryAt },
}));

/** Result of a step, whichever it was. */
export const anyResult: fc.Arbitrary<StepResult> = fc.oneof(
  fc
    .constantFrom(
      'SUCCESS',
      'REFUND',
      'NOTPAY',
      'CLOSED',
      'REVOKED',
      'USERPAYING',
      'PAYERROR',
      'ACCEPT',
      'NEW',
    )
    .map((state) => ({ order: orderIn(state) })),
  fc.constantFrom(...settlements).map((settlement) => ({ settlement })),
  tooYoung,
  fc.constantFrom(notFound, ...outages).map((error) => ({ error })),
  fc.constant({ told: true as const }),
);
