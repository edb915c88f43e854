import type { MockBehaviourScope, MockBehaviour } from './behaviour.js';

/** The behaviours that wait for their request, first come, first served. */
export class Script {
  readonly #waiting: MockBehaviour[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  add(behaviour: MockBehaviour): void {
    this.#waiting.push(behaviour);
  }

  /** Takes the first behaviour that applies to a request. */
  take(request: NamedRequest): MockBehaviour | undefined {
    const index = this.#waiting.findIndex(({ when }) => isMeant(when, request));
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0];
  }
}

interface NamedRequest {
  readonly operation?: string;
  readonly outTradeNo?: string;
}

/** Whether a behaviour is for a request. */
export function isMeant(when: MockBehaviourScope['when'], request: NamedRequest): boolean {
  const { operation = request.operation, outTradeNo = request.outTradeNo } = when ?? {};
  return operation === request.operation && outTradeNo === request.outTradeNo;
}
