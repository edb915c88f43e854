import type { MockBehaviour } from './behaviour.js';
import { Dice } from './dice.js';
import { FAULT_KINDS, type Asked } from './fault-kinds.js';
import type { MockFaultKind, MockFaultPolicy } from './fault-policy.js';
import { isMeant } from './script.js';

/** How often each kind of fault struck. */
export type MockFaultCounts = Readonly<Record<MockFaultKind, number>>;

/** What a request runs into. */
export interface Strike {
  readonly kind: MockFaultKind;
  readonly behaviour: MockBehaviour;
}

const ALL = Object.keys(FAULT_KINDS) as readonly MockFaultKind[];

/** Faults that strike a share of the requests, the same ones for the same seed. */
export class RandomFaults {
  readonly counts: Record<MockFaultKind, number> = noFaults();
  readonly #rate: number;
  readonly #weights: ReadonlyMap<MockFaultKind, number>;
  readonly #when: MockFaultPolicy['when'];
  readonly #dice: Dice;

  /** @throws {Error} naming what is wrong with the policy */
  constructor({ seed, rate, kinds = ALL, when }: MockFaultPolicy) {
    if (!Number.isSafeInteger(seed)) throw new Error('The seed of faults must be a whole number.');
    if (!(rate >= 0 && rate <= 1)) throw new Error('The rate of faults must be a number from 0 to 1.');
    this.#rate = rate;
    this.#weights = weightsOf(kinds);
    this.#when = when;
    this.#dice = new Dice(seed);
  }

  /**
   * Decides what becomes of a request. The dice fall for each order by itself, so that the requests of others change
   * nothing about its own.
   */
  strike(asked: Asked, outTradeNo: string | undefined): Strike | undefined {
    if (!isMeant(this.#when, { operation: asked.operation, outTradeNo })) return undefined;
    const [whether, which, how] = this.#dice.throw(outTradeNo ?? asked.operation);
    if (whether >= this.#rate) return undefined;
    const kind = this.#choose(asked, which);
    if (kind === undefined) return undefined;
    this.counts[kind]++;
    return { kind, behaviour: FAULT_KINDS[kind].behaviour(how, asked) };
  }

  #choose(asked: Asked, dice: number): MockFaultKind | undefined {
    const eligible = [...this.#weights].filter(([kind]) => FAULT_KINDS[kind].applies?.(asked) ?? true);
    let rest = dice * eligible.reduce((sum, [, weight]) => sum + weight, 0);
    return eligible.find(([, weight]) => (rest -= weight) < 0)?.[0];
  }
}

/** The counts before anything struck. */
export function noFaults(): Record<MockFaultKind, number> {
  // Every kind, as ALL has them.
  return Object.fromEntries(ALL.map((kind) => [kind, 0])) as Record<MockFaultKind, number>;
}

function weightsOf(kinds: NonNullable<MockFaultPolicy['kinds']>): ReadonlyMap<MockFaultKind, number> {
  const weights = Array.isArray(kinds) ? kinds.map((kind) => [kind, 1] as const) : Object.entries(kinds);
  for (const [kind, weight] of weights) {
    if (!Object.hasOwn(FAULT_KINDS, kind))
      throw new Error(`There is no fault of the kind "${kind}". docs/testing.md lists the kinds.`);
    if (!(weight >= 0 && weight < Infinity))
      throw new Error(`The weight of "${kind}" must be a number of at least 0.`);
  }
  const chosen = weights.filter(([, weight]) => weight > 0);
  if (chosen.length === 0) throw new Error('The faults need one kind at least. Leave kinds out for all.');
  return new Map(chosen);
}
