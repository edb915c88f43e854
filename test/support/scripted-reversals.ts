import type { Order } from '../../lib/domain/order.js';
import type { ReverseGateway } from '../../lib/domain/reverse.gateway.js';

/** What the gateway answers, or fails with. */
type Step = Order | Error | { readonly recall: boolean };

/** An API that answers as scripted; the last answer of each kind repeats. */
export class ScriptedReversals implements ReverseGateway {
  readonly timeoutMs = 10_000;
  readonly asked: string[] = [];
  readonly #queries: Step[];
  readonly #reversals: Step[];

  constructor(queries: readonly Step[], reversals: readonly Step[]) {
    this.#queries = [...queries];
    this.#reversals = [...reversals];
  }

  async query(): Promise<Order> {
    return this.#take('query', this.#queries) as Order;
  }

  async reverse(): Promise<{ readonly recall: boolean }> {
    return this.#take('reverse', this.#reversals) as { readonly recall: boolean };
  }

  #take(kind: string, steps: Step[]): Step {
    this.asked.push(kind);
    const step = steps.length > 1 ? steps.shift() : steps[0];
    if (step === undefined) throw new Error(`unexpected ${kind}`);
    if (step instanceof Error) throw step;
    return step;
  }
}
