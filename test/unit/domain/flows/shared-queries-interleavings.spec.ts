import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Order } from '../../../../lib/domain/order.js';
import { OrderQueryService } from '../../../../lib/orders/order-query.service.js';
import { accessTo } from '../../../support/harness/access-to.js';
import { Answering } from '../../../support/servers/answering-gateway.js';
import { order } from '../../../support/harness/watched-order.js';

/** One who asks: what became of it is undefined while it waits. */
interface Caller {
  readonly outTradeNo: string;
  readonly gateway: Answering;
  readonly endsAt: number;
  readonly caller: AbortController;
  readonly signal: AbortSignal;
  outcome?: Order | Error | string;
  endedAt?: number;
}

type Step = (play: Play) => void | Promise<void>;

/** Callers that come and go while a gateway answers, fails and is replaced. */
class Play {
  readonly gateways = [new Answering()];
  readonly callers: Caller[] = [];
  readonly #service = new OrderQueryService(accessTo(() => this.gateway));

  get gateway(): Answering {
    // Sound: there is one from the beginning.
    return this.gateways.at(-1) as Answering;
  }

  get waiting(): Caller[] {
    return this.callers.filter(({ outcome }) => outcome === undefined);
  }

  ask(outTradeNo: string, timeoutMs: number): void {
    const caller = new AbortController();
    const { signal } = caller;
    const { gateway } = this;
    const asked: Caller = { outTradeNo, gateway, endsAt: performance.now() + timeoutMs, caller, signal };
    this.callers.push(asked);
    const end = (outcome: Caller['outcome']): void =>
      void Object.assign(asked, { outcome, endedAt: performance.now() });
    this.#service.query({ outTradeNo }, { signal, timeoutMs, share: true }).then(end, end);
  }

  /** What does not hold at this moment. */
  get offences(): string[] {
    return [
      ...this.gateways.flatMap((gateway) => this.#offencesOf(gateway)),
      ...this.callers.flatMap(offenceOf),
    ];
  }

  /** One call for each order somebody waits for, and none for nobody. */
  #offencesOf(gateway: Answering): string[] {
    const wanted = new Set(
      this.waiting.filter((one) => one.gateway === gateway).map((one) => one.outTradeNo),
    );
    const made = gateway.underWay.map(({ ref }) => ref.outTradeNo ?? '');
    return made.toSorted().join() === [...wanted].toSorted().join()
      ? []
      : [`wanted ${[...wanted].join()}, under way ${made.join()}`];
  }
}

function offenceOf({ outcome, outTradeNo, signal, endsAt, endedAt = performance.now() }: Caller): string[] {
  const rules: [string, boolean][] = [
    ['waits no longer than it wanted to', endedAt - endsAt <= 5],
    ['leaves when it gives up', signal.aborted || outcome !== 'given up'],
    ['stays for nothing once it gave up', !signal.aborted || outcome !== undefined],
    ['gets its own order', !isOrder(outcome) || outcome.outTradeNo === outTradeNo],
    [
      'gets an answer that was given while it waited',
      !isOrder(outcome) || Number(outcome.attach) === endedAt,
    ],
    ['is not out of time before its time', !saysOutOfTime(outcome) || endsAt - endedAt <= 5],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => rule);
}

function isOrder(outcome: Caller['outcome']): outcome is Order {
  return typeof outcome === 'object' && 'tradeState' in outcome;
}

function saysOutOfTime(outcome: Caller['outcome']): boolean {
  return outcome instanceof Error && 'timedOut' in outcome;
}

const pick = <T>(list: readonly T[], number: number): T | undefined => list[number % (list.length || 1)];

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constantFrom('T1', 'T2'), fc.integer({ min: 1, max: 30_000 })).map(
    ([outTradeNo, timeoutMs]): Step =>
      (play) =>
        play.ask(outTradeNo, timeoutMs),
  ),
  fc.nat(9).map(
    (number): Step =>
      (play) =>
        pick(play.waiting, number)?.caller.abort('given up'),
  ),
  fc.nat(9).map((number): Step => (play) => {
    const asked = pick(
      play.gateways.flatMap(({ underWay }) => underWay),
      number,
    );
    asked?.answer(
      order('NOTPAY', { outTradeNo: asked.ref.outTradeNo ?? '', attach: String(performance.now()) }),
    );
  }),
  fc.nat(9).map((number): Step => (play) => {
    pick(
      play.gateways.flatMap(({ underWay }) => underWay),
      number,
    )?.fail(new Error('refused'));
  }),
  fc.integer({ min: 1, max: 9_000 }).map(
    (ms): Step =>
      () =>
        jest.advanceTimersByTimeAsync(ms).then(() => undefined),
  ),
  fc.constant<Step>((play) => void play.gateways.push(new Answering())),
);

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('SharedQueries', () => {
  it('gives every caller a correct result, whatever happens in between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 40 }), async (script) => {
        const play = new Play();
        for (const step of script) {
          await step(play);
          await jest.advanceTimersByTimeAsync(0);
          expect(play.offences).toEqual([]);
        }

        await jest.advanceTimersByTimeAsync(60_000);

        expect(play.waiting).toEqual([]);
        expect(play.offences).toEqual([]);
        expect(jest.getTimerCount()).toBe(0);
      }),
      { numRuns: 400 },
    );
  }, 120_000);
});
