import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { payByCode } from '../../../../lib/domain/flows/pay-by-code.js';
import type { CodePayment } from '../../../../lib/domain/flows/code-pay-findings.js';
import { CodePayModel } from '../../../support/models/code-pay-model.js';
import {
  PAY_FAULTS,
  QUERY_FAULTS,
  REVERSE_FAULTS,
  type CodePayCall,
  type CodePayEvent,
  type CodePayFault,
  type CodePayPlan,
} from '../../../support/models/code-pay-plan.js';

interface Run {
  readonly plan: CodePayPlan;
  readonly model: CodePayModel;
  readonly payment: CodePayment | { readonly outcome: 'rejected' };
}

const WAIT_MS = 10_000;
const TIMEOUT_MS = 20_000;
const MIN_AGE_MS = 15_000;
const PAYMENT = {
  outTradeNo: 'T1',
  description: 'coffee',
  amount: { total: 100 },
  appid: 'wx8888888888888888',
  authCode: '130000000000000000',
};
/** What the customer and other processes do, in one moment. */
const STORIES: readonly (readonly CodePayEvent[])[] = [
  ['pay'],
  ['fail'],
  ['close'],
  ['reverse'],
  ['pay', 'refund'],
  ['pay', 'reverse'],
];
/** What may happen to requests that are under way still. */
const ARRIVALS: readonly (readonly CodePayEvent[])[] = [['arrive'], ['arrive', 'pay'], ['pay', 'arrive']];
const FAULTS: Readonly<Record<CodePayCall['kind'], readonly CodePayFault[]>> = {
  pay: PAY_FAULTS,
  query: QUERY_FAULTS,
  reverse: REVERSE_FAULTS,
};
/** Faults of a query that no client can tell from a reply. */
const UNTRUE: readonly CodePayFault[] = [
  'state of before',
  'unsigned ORDER_NOT_EXIST',
  'signed ORDER_NOT_EXIST',
];
const FINAL_UNPAID: readonly string[] = ['CLOSED', 'REVOKED'];
const PLANS: readonly CodePayPlan[] = [
  { customer: 'pays' },
  { customer: 'types' },
  { customer: 'refused: ABSENT' },
  { customer: 'refused: NOTPAY' },
  { customer: 'refused: PAYERROR' },
  { customer: 'pays', initial: 'NOTPAY' },
  { customer: 'pays', initial: 'USERPAYING' },
  { customer: 'pays', initial: 'SUCCESS' },
  { customer: 'pays', initial: 'SUCCESS', initialTotal: 1 },
  { customer: 'pays', initial: 'USERPAYING', initialTotal: 1 },
  { customer: 'pays', initial: 'REFUND' },
  { customer: 'pays', initial: 'CLOSED' },
  { customer: 'pays', initial: 'REVOKED' },
];

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('payByCode, with something happening at every moment and calls failing in every way', () => {
  it.each(PLANS.flatMap((plan) => [plan, { ...plan, isV2: true }]))(
    'concludes nothing that is not true of %j',
    async (plan) => {
      const quiet = await runAll([plan]);
      const eventful = await runAll(quiet.flatMap(withStory));
      const failing = await runAll([...quiet, ...eventful].flatMap(withAnotherFault));
      const late = await runAll(failing.filter(holdsRequest).flatMap(withArrival));
      const twice = await runAll(failing.filter(hasNoEvents).flatMap(withAnotherFault));

      const offences = [quiet, eventful, failing, late, twice].flat().flatMap(offencesOf);

      expect(offences.slice(0, 5)).toEqual([]);
      expect(jest.getTimerCount()).toBe(0);
    },
    180_000,
  );
});

/** The plans that go as this run did, with every story at every moment. */
function withStory({ plan, model }: Run): CodePayPlan[] {
  return momentsOf(model).flatMap((moment) =>
    STORIES.map((story) => ({ ...plan, events: new Map([[moment, story]]) })),
  );
}

function withArrival({ plan, model }: Run): CodePayPlan[] {
  return momentsOf(model).flatMap((moment) =>
    ARRIVALS.map((arrival) => {
      const others = plan.events?.get(moment) ?? [];
      return { ...plan, events: new Map([...(plan.events ?? []), [moment, [...others, ...arrival]]]) };
    }),
  );
}

function momentsOf({ calls }: CodePayModel): number[] {
  return Array.from({ length: 2 * calls.length }, (_, moment) => moment);
}

/** The plans that go as this run did up to some call, which then fails. */
function withAnotherFault({ plan, model }: Run): CodePayPlan[] {
  const first = Math.max(-1, ...(plan.faults?.keys() ?? [])) + 1;
  return model.calls.slice(first).flatMap(({ kind }, index) =>
    FAULTS[kind].map((fault) => ({
      ...plan,
      faults: new Map([...(plan.faults ?? []), [first + index, fault]]),
    })),
  );
}

function holdsRequest({ plan }: Run): boolean {
  return [...(plan.faults?.values() ?? [])].some((fault) => fault.endsWith('held')) && hasNoEvents({ plan });
}

function hasNoEvents({ plan }: Pick<Run, 'plan'>): boolean {
  return plan.events === undefined;
}

/** In parts: the time that fake timers take grows with the square of their number. */
async function runAll(plans: readonly CodePayPlan[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (let at = 0; at < plans.length; at += 1_000) {
    const running = Promise.all(plans.slice(at, at + 1_000).map(run));
    await jest.advanceTimersByTimeAsync(TIMEOUT_MS + 1_000);
    runs.push(...(await running));
  }
  return runs;
}

async function run(plan: CodePayPlan): Promise<Run> {
  const model = new CodePayModel(plan);
  const paying = payByCode(model, PAYMENT, { timeoutMs: TIMEOUT_MS, waitMs: WAIT_MS });
  const payment = await paying.catch(() => ({ outcome: 'rejected' }) as const);
  model.end();
  return { plan, model, payment };
}

/** What is wrong with a payment, given what is true in the end. */
function offencesOf(ended: Run): string[] {
  return rulesOf(ended)
    .filter(([, holds]) => !holds)
    .map(([rule]) => `${rule}: ${tell(ended)}`);
}

type Rule = readonly [rule: string, holds: boolean];

function rulesOf({ plan, model, payment }: Run): Rule[] {
  const { calls, charges, state } = model;
  const { outcome } = payment;
  const { initial = 'ABSENT', initialTotal } = plan;
  const faults = [...(plan.faults?.values() ?? [])];
  const events = [...(plan.events?.values() ?? [])].flat();
  const kinds = calls.map(({ kind }) => kind);
  const firstReverse = kinds.includes('reverse') ? kinds.indexOf('reverse') : kinds.length;
  const isOwn = initialTotal === undefined;
  const wasPaid = charges > 0 || ['SUCCESS', 'REFUND'].includes(initial);
  const reversedAt = calls[firstReverse]?.at ?? Infinity;
  const startedAt = calls[0]?.at ?? 0;
  const isSeenPaid = calls.some(
    ({ kind, truth }, number) =>
      kind === 'query' && number < firstReverse && truth === 'SUCCESS' && !plan.faults?.has(number),
  );
  return [
    ['sends the payment first, and once', kinds.indexOf('pay') === 0 && kinds.lastIndexOf('pay') === 0],
    ['charges once at most', charges <= 1],
    ['says paid only if it stays so', outcome !== 'paid' || staysPaid()],
    ['says paid only without a reversal', outcome !== 'paid' || firstReverse === kinds.length],
    ['says paid of no other order', outcome !== 'paid' || isOwn],
    ['says reversed only if it cannot be paid', outcome !== 'reversed' || isOver()],
    ['says refused only if it cannot be paid', outcome !== 'refused' || !isPaid() || isMisled()],
    ['tells a refund only of a payment', !isRefund(true) || wasPaid],
    ['denies a refund only without a payment', !isRefund(false) || !wasPaid],
    [
      'sees every payment that a query shows before the reversal',
      !isSeenPaid || !isOwn || outcome === 'paid',
    ],
    ['reverses no order with another amount', isOwn || firstReverse === kinds.length],
    [
      'reverses only what a query has shown before',
      firstReverse === kinds.length || isSeen(firstReverse - 1),
    ],
    ['reverses none that is too young', reversedAt - startedAt >= MIN_AGE_MS],
    ['rejects only before anything was sent', outcome !== 'rejected' || faults[0] === 'not sent'],
    ['says that nothing was sent', outcome === 'rejected' || faults[0] !== 'not sent'],
    ['names what is known', outcome !== 'unresolved' || 'order' in payment || 'cause' in payment],
    ['is unresolved for a reason', outcome !== 'unresolved' || faults.length > 0 || isUndecided()],
  ];

  /** A host that has not heard of an order yet is believed only as long as no other has shown it. */
  function isSeen(number: number): boolean {
    const fault = plan.faults?.get(number) ?? 'state of before';
    const wasShown = calls.some(
      ({ kind, truth }, earlier) =>
        kind === 'query' && earlier < number && truth !== 'ABSENT' && !plan.faults?.has(earlier),
    );
    return kinds[number] === 'query' && (wasShown ? fault === 'state of before' : UNTRUE.includes(fault));
  }

  /** An order may be refunded or reversed by another process after it was seen paid. */
  function staysPaid(): boolean {
    return (
      state === 'SUCCESS' || events.includes('refund') || (state === 'REVOKED' && events.includes('reverse'))
    );
  }

  function isOver(): boolean {
    return FINAL_UNPAID.includes(state) || (state === 'REFUND' && kinds.includes('reverse'));
  }

  function isRefund(refunded: boolean): boolean {
    return payment.outcome === 'reversed' && payment.refunded === refunded;
  }

  function isPaid(): boolean {
    return state === 'SUCCESS' || state === 'REFUND';
  }

  /** An open order of an earlier request looks like one that a refusal left: nothing tells that the refusal is false. */
  function isMisled(): boolean {
    return initial === 'NOTPAY' && faults[0] === 'false refusal';
  }

  function isUndecided(): boolean {
    return !isOwn || initial === 'REFUND' || events.includes('refund');
  }
}

function tell({ plan, model, payment }: Run): string {
  const { events = new Map(), faults = new Map(), ...rest } = plan;
  const calls = model.calls.map(({ kind, truth }) => `${kind} ${truth}`).join(', ');
  return `${JSON.stringify(rest)} ${JSON.stringify([...events])} ${JSON.stringify([...faults])} → ${calls} → ${JSON.stringify(payment)} but ${model.state}`;
}
