import type { MockBehaviour } from './behaviour.js';
import type { Asked } from './fault-kinds.js';
import type { MockFaultPolicy } from './fault-policy.js';
import { noFaults, RandomFaults, type MockFaultCounts } from './random-faults.js';
import type { RequestEntry } from './requests.js';
import { Script } from './script.js';

/** What the gateway was told to do instead of answering as usual: by script, or else at random. */
export class Trouble {
  readonly script = new Script();
  #faults?: RandomFaults;
  #counts: MockFaultCounts = noFaults();

  /** How often each kind struck since faults were last asked for. */
  get counts(): MockFaultCounts {
    return this.#counts;
  }

  /** @param policy undefined for none */
  strikeAtRandom(policy: MockFaultPolicy | undefined): void {
    this.#faults = policy && new RandomFaults(policy);
    this.#counts = this.#faults?.counts ?? this.#counts;
  }

  /** What becomes of a request; completes its entry in the log. */
  take(entry: RequestEntry, asked: Omit<Asked, 'operation'>): MockBehaviour {
    const scripted = this.script.take(entry);
    const { operation, outTradeNo } = entry;
    if (scripted !== undefined) return checked(scripted, operation);
    // What the gateway has no endpoint for gets its 404.
    if (operation === undefined) return {};
    const strike = this.#faults?.strike({ ...asked, operation }, outTradeNo);
    if (strike === undefined) return {};
    entry.fault = strike.kind;
    return strike.behaviour;
  }
}

/** @throws {Error} if an order is to be paid while it is not being closed */
function checked(behaviour: MockBehaviour, operation = ''): MockBehaviour {
  if ('fault' in behaviour && behaviour.fault === 'pay-during-close' && !operation.endsWith('.close'))
    throw new Error(`"${behaviour.fault}" is for closing. Add when: { operation: 'order.close' }.`);
  return behaviour;
}
