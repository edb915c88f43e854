import type { MockBehaviour } from './behaviour.js';
import { SeededRandom } from './seeded-random.js';
import { FAULT_KINDS, type FaultTarget } from './fault-kinds.js';
import type { MockFaultKind, MockFaultPolicy } from './fault-policy.js';
import { matches } from './script.js';

/** Number of faults of each kind. */
export type MockFaultCounts = Readonly<Record<MockFaultKind, number>>;

/** Fault chosen for a request. */
export interface RandomFault {
  readonly kind: MockFaultKind;
  readonly behaviour: MockBehaviour;
}

const ALL_KINDS = Object.keys(FAULT_KINDS) as readonly MockFaultKind[];

/** Chooses faults for a share of the requests, reproducibly for a seed. */
export class RandomFaults {
  readonly counts: Record<MockFaultKind, number> = zeroCounts();
  readonly #rate: number;
  readonly #weights: ReadonlyMap<MockFaultKind, number>;
  readonly #when: MockFaultPolicy['when'];
  readonly #random: SeededRandom;

  /** @throws {Error} if the policy is invalid */
  constructor({ seed, rate, kinds = ALL_KINDS, when }: MockFaultPolicy) {
    if (!Number.isSafeInteger(seed)) throw new Error('The seed of faults must be a whole number.');
    if (!(rate >= 0 && rate <= 1)) throw new Error('The rate of faults must be a number from 0 to 1.');
    this.#rate = rate;
    this.#weights = weightsOf(kinds);
    this.#when = when;
    this.#random = new SeededRandom(seed);
  }

  /**
   * Chooses a fault, or none, for a request. Each order has its own random sequence, so requests about other orders do not
   * change its faults.
   */
  draw(target: FaultTarget, outTradeNo: string | undefined): RandomFault | undefined {
    if (!matches(this.#when, { operation: target.operation, outTradeNo })) return undefined;
    const [whether, which, how] = this.#random.draw(outTradeNo ?? target.operation);
    if (whether >= this.#rate) return undefined;
    const kind = this.#choose(target, which);
    if (kind === undefined) return undefined;
    this.counts[kind]++;
    return { kind, behaviour: FAULT_KINDS[kind].behaviour(how, target) };
  }

  #choose(target: FaultTarget, random: number): MockFaultKind | undefined {
    const eligible = [...this.#weights].filter(([kind]) => FAULT_KINDS[kind].applies?.(target) ?? true);
    let rest = random * eligible.reduce((sum, [, weight]) => sum + weight, 0);
    return eligible.find(([, weight]) => (rest -= weight) < 0)?.[0];
  }
}

/** Creates counts of zero for every kind. */
export function zeroCounts(): Record<MockFaultKind, number> {
  // Sound: ALL_KINDS contains every kind.
  return Object.fromEntries(ALL_KINDS.map((kind) => [kind, 0])) as Record<MockFaultKind, number>;
}

function weightsOf(kinds: NonNullable<MockFaultPolicy['kinds']>): ReadonlyMap<MockFaultKind, number> {
  const weights = Array.isArray(kinds) ? kinds.map((kind) => [kind, 1] as const) : Object.entries(kinds);
  for (const [kind, weight] of weights) {
    if (!Object.hasOwn(FAULT_KINDS, kind)) {
      throw new Error(`There is no fault of the kind "${kind}". docs/testing.md lists the kinds.`);
    }
    if (!(weight >= 0 && weight < Infinity)) {
      throw new Error(`The weight of "${kind}" must be a number of at least 0.`);
    }
  }
  const chosen = weights.filter(([, weight]) => weight > 0);
  if (chosen.length === 0) throw new Error('The faults need one kind at least. Leave kinds out for all.');
  return new Map(chosen);
}
