import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { settle, type Settlement } from '../../../../lib/domain/flows/settle.js';
import {
  canHappen,
  CLOSE_FAULTS,
  OrderModel,
  QUERY_FAULTS,
  type CallFault,
  type ModelEvent,
  type ModelPlan,
} from '../../../support/models/order-model.js';

interface Run {
  readonly plan: ModelPlan;
  readonly model: OrderModel;
  readonly settlement: Settlement;
  /** What settling again says when nothing goes wrong any more. */
  readonly again: Settlement;
}

/** The longest flow has seven calls; not-found asks each of two hosts before. */
const MAX_CALLS = 9;
const MAX_FAULTS = 2;
const NOW = 300_000;
const OLD_ENOUGH = new Date(0);
const TOO_YOUNG = new Date(1);
const PAID: readonly string[] = ['SUCCESS', 'REFUND'];
const NOT_CLOSABLE: readonly CallFault[] = ['TRADE_ERROR, reverse it', 'signed TRADE_STATE_ERROR'];
const STORIES: readonly (readonly ModelEvent[])[] = [
  ['create'],
  ['create', 'pay'],
  ['accept'],
  ['pay'],
  ['refund'],
  ['pay', 'refund'],
  ['close'],
  ['reverse'],
];

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('settle, with an event at every moment and any two calls failing in every way', () => {
  it.each<ModelPlan>([
    { initial: 'ABSENT' },
    { initial: 'ABSENT', signsRefusals: true },
    { initial: 'ABSENT', hosts: ['https://main'] },
    { initial: 'ABSENT', createdAt: TOO_YOUNG },
    { initial: 'ABSENT', createdAt: TOO_YOUNG, signsRefusals: true },
    { initial: 'ABSENT', createdAt: OLD_ENOUGH },
    { initial: 'NOTPAY' },
    { initial: 'NOTPAY', createdAt: OLD_ENOUGH },
    { initial: 'NOTPAY', createdAt: TOO_YOUNG },
    { initial: 'NOTPAY', tradeType: 'MICROPAY' },
    { initial: 'NOTPAY', tradeType: 'MICROPAY', isV2: true },
    { initial: 'USERPAYING', tradeType: 'MICROPAY' },
    { initial: 'PAYERROR', tradeType: 'MICROPAY' },
    { initial: 'ACCEPT' },
    { initial: 'A_STATE_OF_THE_FUTURE' },
    { initial: 'SUCCESS' },
    { initial: 'REFUND' },
    { initial: 'CLOSED' },
    { initial: 'REVOKED' },
  ])(
    'reaches no wrong conclusion about %j',
    async (plan) => {
      let runs = await runAll(withStories(plan));
      const offences = runs.flatMap(offencesOf);
      for (let faults = 1; faults <= MAX_FAULTS; faults++) {
        runs = await runAll(runs.flatMap(withAnotherFault));
        offences.push(...runs.flatMap(offencesOf));
      }

      expect(offences.slice(0, 5)).toEqual([]);
      expect(jest.getTimerCount()).toBe(0);
    },
    180_000,
  );

  it.each([
    ...QUERY_FAULTS.map((fault) => ['query', fault] as const),
    ...CLOSE_FAULTS.map((fault) => ['close', fault] as const),
  ])('reaches no wrong conclusion when every %s fails with %s', async (kind, fault) => {
    const numbers = Array.from({ length: MAX_CALLS }, (_, number) => number);
    const failing = numbers.filter((number) => kind === 'query' || number % 2 === 1);
    const faults = new Map(failing.map((number): [number, CallFault] => [number, fault]));

    const runs = await runAll(withStories({ initial: 'NOTPAY', faults }));

    expect(runs.flatMap(offencesOf).slice(0, 5)).toEqual([]);
  });

  it('reaches every outcome', async () => {
    const open = await runAll(withStories({ initial: 'NOTPAY' }));
    const failing = await runAll(open.flatMap(withAnotherFault));
    const absent = await runAll(withStories({ initial: 'ABSENT' }));
    const codePay = await runAll(withStories({ initial: 'NOTPAY', tradeType: 'MICROPAY' }));

    const outcomes = [...open, ...failing, ...absent, ...codePay].map(({ settlement }) => settlement.outcome);

    expect([...new Set(outcomes)].toSorted()).toEqual([
      'closed',
      'not-found',
      'paid',
      'reverse-required',
      'unresolved',
    ]);
  });
});

/** The plan with nothing happening, and with every story that can happen at every moment. */
function withStories(plan: ModelPlan): ModelPlan[] {
  const moments = Array.from({ length: 2 * MAX_CALLS }, (_, moment) => moment);
  const possible = STORIES.filter(([first]) => first !== undefined && canHappen(first, plan.initial));
  const told = moments.flatMap((moment) =>
    possible.map((story) => ({ ...plan, events: new Map([[moment, story]]) })),
  );
  return [plan, ...told];
}

/** The plans that go as this run did up to some call, which then fails. */
function withAnotherFault({ plan, model }: Run): ModelPlan[] {
  const first = Math.max(-1, ...(plan.faults?.keys() ?? [])) + 1;
  return model.calls.slice(first).flatMap(({ kind }, index) =>
    (kind === 'query' ? QUERY_FAULTS : CLOSE_FAULTS).map((fault) => ({
      ...plan,
      faults: new Map([...(plan.faults ?? []), [first + index, fault]]),
    })),
  );
}

/** In parts: the time that fake timers take grows with the square of their number. */
async function runAll(plans: readonly ModelPlan[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (let at = 0; at < plans.length; at += 1_000) {
    const running = Promise.all(plans.slice(at, at + 1_000).map(run));
    await jest.advanceTimersByTimeAsync(10_000);
    runs.push(...(await running));
  }
  return runs;
}

async function run(plan: ModelPlan): Promise<Run> {
  const model = new OrderModel(plan);
  const settlement = await settle(model, { outTradeNo: 'T1' }, { createdAt: plan.createdAt }, () => NOW);
  const again = await settle(model.settled(), { outTradeNo: 'T1' }, {}, () => NOW);
  return { plan, model, settlement, again };
}

/** What is wrong with a settlement, given what is true. */
function offencesOf({ plan, model, settlement, again }: Run): string[] {
  const rules = [...rulesOf(plan, model, settlement), ...rulesOfAnEnd(plan, model, again)];
  return rules
    .filter(([, holds]) => !holds)
    .map(([rule]) => `${rule}: ${tell(plan)} → ${JSON.stringify(settlement)}, then ${JSON.stringify(again)}`);
}

type Rule = readonly [rule: string, holds: boolean];

function rulesOf(plan: ModelPlan, { state, calls, terms }: OrderModel, settlement: Settlement): Rule[] {
  const { outcome } = settlement;
  const last = calls.at(-1);
  const faultFree = (plan.faults?.size ?? 0) === 0;
  const isFaulty = (number: number): boolean => plan.faults?.has(number) ?? false;
  const lastIsFaulty = isFaulty(calls.length - 1);
  const isPaid = PAID.includes(state);
  const wasPaid = PAID.includes(last?.truth ?? '');
  const isClosing = calls.some(({ kind }) => kind === 'close');
  const isCodePay = plan.tradeType === 'MICROPAY';
  return [
    ['ends with a query', last?.kind === 'query'],
    ['asks a bounded number of times', calls.length <= MAX_CALLS],
    ['says paid only if it is', outcome !== 'paid' || isPaid],
    ['says refunded as the order says', outcome !== 'paid' || isRefundTold(settlement)],
    ['closes over no money', outcome !== 'closed' || !isPaid],
    ['sees every payment before the last query that works', !wasPaid || lastIsFaulty || outcome === 'paid'],
    ['says closed only if it is', outcome !== 'closed' || state === 'CLOSED' || state === 'REVOKED'],
    ['wants open orders reversed only', outcome !== 'reverse-required' || !wasPaid || lastIsFaulty],
    [
      'wants those reversed that cannot be closed',
      outcome !== 'reverse-required' || isCodePay || isSaidTwice(),
    ],
    ['takes nothing for missing unless all say so', outcome !== 'not-found' || isAttested()],
    ['closes no order that is too young', plan.createdAt !== TOO_YOUNG || !isClosing],
    ['takes no order for missing that is too young', plan.createdAt !== TOO_YOUNG || outcome !== 'not-found'],
    ['tells an order that is too young as it was seen', outcome !== 'too-young' || isSeenYoung()],
    ['leaves none alone but those', outcome !== 'too-young' || plan.createdAt === TOO_YOUNG],
    ['is unresolved for a reason', outcome !== 'unresolved' || !faultFree || isUndecided(last?.truth)],
    ['names the reason', outcome !== 'unresolved' || 'cause' in settlement || 'order' in settlement],
    ['names what failed', outcome !== 'unresolved' || 'cause' in settlement || !lastCloseFailed()],
  ];

  function lastCloseFailed(): boolean {
    const fault = plan.faults?.get(calls.findLastIndex(({ kind }) => kind === 'close'));
    return fault !== undefined && fault !== 'no effect';
  }

  function isSeenYoung(): boolean {
    const seen = 'order' in settlement ? settlement.order?.tradeState : undefined;
    return plan.createdAt === TOO_YOUNG && (seen === undefined || seen === 'NOTPAY');
  }

  /** No client can tell two such lies from the truth. */
  function isSaidTwice(): boolean {
    const lies = calls.filter((_, number) => NOT_CLOSABLE.includes(plan.faults?.get(number) ?? 'no effect'));
    return lies.length === 2;
  }

  /** By the answer of every host by itself: each of them true when it was given, or a lie. */
  function isAttested(): boolean {
    return terms.hosts.every((host) =>
      calls.some((call, number) => call.host === host && (call.truth === 'ABSENT' || isFaulty(number))),
    );
  }
}

function isRefundTold(settlement: Settlement): boolean {
  return settlement.outcome === 'paid' && settlement.refunded === (settlement.order.tradeState === 'REFUND');
}

/** With nothing in its way, settling ends every order as it is. */
function rulesOfAnEnd({ tradeType }: ModelPlan, { state }: OrderModel, { outcome }: Settlement): Rule[] {
  const expected: Readonly<Record<string, string>> = {
    ABSENT: 'not-found',
    SUCCESS: 'paid',
    REFUND: 'paid',
    USERPAYING: 'reverse-required',
    PAYERROR: 'reverse-required',
  };
  const open = tradeType === 'MICROPAY' && state === 'NOTPAY' ? 'reverse-required' : 'closed';
  const fallback = isUndecided(state) ? 'unresolved' : open;
  return [['settles at the second go', outcome === (expected[state] ?? fallback)]];
}

function isUndecided(state: string | undefined): boolean {
  return state === 'ACCEPT' || state === 'A_STATE_OF_THE_FUTURE';
}

function tell({ initial, createdAt, events = new Map(), faults = new Map() }: ModelPlan): string {
  return `${initial} ${createdAt?.getTime() ?? ''} ${JSON.stringify([...events])} ${JSON.stringify([...faults])}`;
}
