import type { MockBehaviourScope, MockBehaviour } from './behaviour.js';

/** Queue of scripted behaviours, first in, first out. */
export class Script {
  readonly #queue: MockBehaviour[] = [];

  get size(): number {
    return this.#queue.length;
  }

  add(behaviour: MockBehaviour): void {
    this.#queue.push(behaviour);
  }

  /** Removes and returns the first behaviour that applies to a request. */
  take(request: RequestSummary): MockBehaviour | undefined {
    const index = this.#queue.findIndex(({ when }) => matches(when, request));
    return index === -1 ? undefined : this.#queue.splice(index, 1)[0];
  }
}

interface RequestSummary {
  readonly operation?: string;
  readonly outTradeNo?: string;
}

/** Returns true if a request meets the condition of a behaviour. */
export function matches(when: MockBehaviourScope['when'], request: RequestSummary): boolean {
  const { operation = request.operation, outTradeNo = request.outTradeNo } = when ?? {};
  return operation === request.operation && outTradeNo === request.outTradeNo;
}
