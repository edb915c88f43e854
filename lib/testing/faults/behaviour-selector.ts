import type { MockBehaviour } from './behaviour.js';
import type { FaultTarget } from './fault-kinds.js';
import type { MockFaultPolicy } from './fault-policy.js';
import { zeroCounts, RandomFaults, type MockFaultCounts } from './random-faults.js';
import type { RequestEntry } from './requests.js';
import { Script } from './script.js';

/** Selects the behaviour for each request: a scripted one first, otherwise a random fault. */
export class BehaviourSelector {
  readonly script = new Script();
  #faults?: RandomFaults;
  #counts: MockFaultCounts = zeroCounts();

  /** Number of faults of each kind since the last policy was set. */
  get counts(): MockFaultCounts {
    return this.#counts;
  }

  /** @param policy undefined to stop random faults */
  setFaultPolicy(policy: MockFaultPolicy | undefined): void {
    this.#faults = policy && new RandomFaults(policy);
    this.#counts = this.#faults?.counts ?? this.#counts;
  }

  /** Selects the behaviour for a request and records a random fault in its log entry. */
  select(entry: RequestEntry, target: Omit<FaultTarget, 'operation'>): MockBehaviour {
    const scripted = this.script.take(entry);
    const { operation, outTradeNo } = entry;
    if (scripted !== undefined) return checkBehaviour(scripted, operation);
    // Unknown endpoints get a 404.
    if (operation === undefined) return {};
    const fault = this.#faults?.draw({ ...target, operation }, outTradeNo);
    if (fault === undefined) return {};
    entry.fault = fault.kind;
    return fault.behaviour;
  }
}

/** @throws {Error} if `pay-during-close` is used for another operation */
function checkBehaviour(behaviour: MockBehaviour, operation = ''): MockBehaviour {
  if ('fault' in behaviour && behaviour.fault === 'pay-during-close' && !operation.endsWith('.close')) {
    throw new Error(`"${behaviour.fault}" is for closing. Add when: { operation: 'order.close' }.`);
  }
  return behaviour;
}
