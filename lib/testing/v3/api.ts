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
    if (found === undefined) return {};
    entry.operation = found.route.operation;
    const parameters = readParameters(found, request, this.#mchid);
    entry.outTradeNo =
      parameters.out_trade_no ?? this.#orders.byTransactionId(parameters.transaction_id ?? '')?.outTradeNo;
    return { route: found.route, parameters };
  }

  #handle({ route, parameters = {} }: Understood, { swapFor }: Effect): Answer {
    if (route === undefined) return emptyAnswer(404);
    const found = swapFor === undefined ? this.#orders : always(this.#orders, swapFor);
    // A swapped answer must not change the other order.
    return route.answer({
      parameters,
      found: route.method === 'GET' ? found : this.#orders,
      orders: this.#orders,
    });
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

/** A request that passed every check; without a route, the gateway has no such endpoint. */
interface Understood {
  readonly route?: Route;
  readonly parameters?: Call['parameters'];
}

function orRefusal<T>(work: () => T): T | Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return problemAnswer(error.shape);
    throw error;
  }
}

function always(orders: MockOrders, outTradeNo: string): OrderLookup {
  const other = () => orders.byOutTradeNo(outTradeNo);
  return { byOutTradeNo: other, byTransactionId: other };
}
