import type { MockBehaviour } from './behaviour.js';

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
  take(request: { readonly operation?: string; readonly outTradeNo?: string }): MockBehaviour | undefined {
    const index = this.#waiting.findIndex(
      ({ when = {} }) =>
        (when.operation === undefined || when.operation === request.operation) &&
        (when.outTradeNo === undefined || when.outTradeNo === request.outTradeNo),
    );
    return index === -1 ? undefined : this.#waiting.splice(index, 1)[0];
  }
}
