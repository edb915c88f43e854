import type { MockBehaviour } from '../behaviour.js';
import { effectOf, type Effect } from '../effect.js';
import { emptyAnswer, type Answer, type ReceivedRequest, type Reply } from '../exchange.js';
import type { KeyRing } from '../keys.js';
import type { MockOrders, OrderLookup } from '../orders.js';
import type { RequestEntry } from '../requests.js';
import type { Script } from '../script.js';
import { ORDER_ROUTES } from './order-routes.js';
import { Problem, problemAnswer } from './problem.js';
import { RequestVerifier } from './request-verifier.js';
import { findRoute, readParameters, type Call, type Route } from './route.js';
import { Sealer } from './sealer.js';

const ROUTES: readonly Route[] = [...ORDER_ROUTES];

/** What APIv3 works with. */
export interface V3ApiParts {
  readonly mchid: string;
  readonly keys: KeyRing;
  readonly orders: MockOrders;
  readonly script: Script;
  readonly now: () => number;
  readonly signErrors: boolean;
}

/** APIv3 as WeChat Pay speaks it: verify, understand, handle, sign. */
export class V3Api {
  readonly #mchid: string;
  readonly #orders: MockOrders;
  readonly #script: Script;
  readonly #verifier: RequestVerifier;
  readonly #sealer: Sealer;

  constructor({ mchid, keys, orders, script, now, signErrors }: V3ApiParts) {
    this.#mchid = mchid;
    this.#orders = orders;
    this.#script = script;
    this.#verifier = new RequestVerifier({ mchid, keys, now });
    this.#sealer = new Sealer({ keys, now, signErrors });
  }

  /** Answers a request and completes its entry in the log. */
  async reply(request: ReceivedRequest, entry: RequestEntry): Promise<Reply> {
    const understood = orRefusal(() => this.#understand(request, entry));
    // A faulty request is refused whatever the script says: no behaviour may hide it.
    if ('status' in understood) return this.#seal(understood, {}, entry);
    const behaviour = this.#script.take(entry) ?? {};
    await behaviour.before?.();
    const effect = effectOf(behaviour);
    const answer = effect.instead ?? orRefusal(() => this.#handle(understood, effect));
    return this.#seal(answer, { ...effect, delayMs: behaviour.delayMs }, entry);
  }

  #understand(request: ReceivedRequest, entry: RequestEntry): Understood {
    this.#verifier.verify(request);
    const found = findRoute(ROUTES, request);
    if ('missing' in found) return found;
    entry.operation = found.route.operation;
    const parameters = readParameters(found, request, this.#mchid);
    entry.outTradeNo =
      parameters.out_trade_no ?? this.#orders.byTransactionId(parameters.transaction_id ?? '')?.outTradeNo;
    return { route: found.route, parameters };
  }

  #handle(understood: Understood, { swapFor }: Effect): Answer {
    // As in the real service, where these come from a front server that speaks no JSON.
    if ('missing' in understood) return emptyAnswer(understood.missing);
    const { route, parameters } = understood;
    // Only queries are swapped: another order must never be closed by mistake.
    const swapped = swapFor !== undefined && route.method === 'GET';
    const found = swapped ? always(this.#orders, swapFor) : this.#orders;
    return route.answer({ parameters, found, orders: this.#orders });
  }

  async #seal(
    answer: Answer,
    effect: Effect & Pick<MockBehaviour, 'delayMs'>,
    entry: RequestEntry,
  ): Promise<Reply> {
    const reply = await this.#sealer.seal(effect.onAnswer?.(answer) ?? answer);
    const final = effect.onReply?.(reply) ?? reply;
    if (final.cut === undefined) {
      entry.status = final.status;
      entry.code = answer.code;
    }
    return { ...final, delayMs: effect.delayMs };
  }
}

/** A request that passed every check, though the gateway may have no such endpoint. */
type Understood =
  { readonly route: Route; readonly parameters: Call['parameters'] } | { readonly missing: 404 | 405 };

function orRefusal<T>(work: () => T): T | Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return problemAnswer(error.shape);
    throw error;
  }
}

function always(orders: MockOrders, outTradeNo: string): OrderLookup {
  const other = orders.get(outTradeNo);
  if (other === undefined) throw new Error(`There is no order "${outTradeNo}" to swap in. Place it first.`);
  return { byOutTradeNo: () => other, byTransactionId: () => other };
}
