import type { MockBehaviour } from '../faults/behaviour.js';
import { emptyAnswer, type Answer, type ReceivedRequest, type Reply } from '../http/exchange.js';
import type { KeyRing } from '../keys/keys.js';
import type { PlatformKeys } from '../keys/platform-keys.js';
import type { RequestEntry } from '../faults/requests.js';
import type { Stores } from '../orders/stores.js';
import { subjectOf, swappedIn, type Swap } from '../faults/subject.js';
import type { Trouble } from '../faults/trouble.js';
import { certificatesRoute } from './certificates-route.js';
import { COMBINE_ROUTES } from './combine-routes.js';
import { effectOf, type Effect } from './effect.js';
import { ORDER_ROUTES } from './order-routes.js';
import { prepayRoutes } from './prepay-routes.js';
import { Problem, problemAnswer } from './problem.js';
import { requestedKey, RequestVerifier } from './request-verifier.js';
import { REVERSE_ROUTES } from './reverse-routes.js';
import { GivenReplies } from './given-replies.js';
import { findRoute, type Finder, type ReadRequest, type Route } from './route.js';
import { Sealer } from './sealer.js';

/** What APIv3 works with. */
export interface V3ApiParts {
  readonly mchid: string;
  readonly keys: KeyRing;
  readonly platform: PlatformKeys;
  readonly stores: Stores;
  readonly trouble: Trouble;
  readonly now: () => number;
  readonly signErrors: boolean;
  readonly allowLocalNotifyUrl: boolean;
}

/** APIv3 as WeChat Pay speaks it: verify, understand, handle, sign. */
export class V3Api {
  readonly #mchid: string;
  readonly #stores: Stores;
  readonly #trouble: Trouble;
  readonly #routes: readonly Route[];
  readonly #verifier: RequestVerifier;
  readonly #sealer: Sealer;
  readonly #given = new GivenReplies();

  constructor(parts: V3ApiParts) {
    const { mchid, keys, platform, stores, trouble, now, signErrors, allowLocalNotifyUrl } = parts;
    this.#mchid = mchid;
    this.#stores = stores;
    this.#trouble = trouble;
    this.#routes = [
      ...prepayRoutes({ now, allowLocalNotifyUrl }),
      ...ORDER_ROUTES,
      ...REVERSE_ROUTES,
      ...COMBINE_ROUTES,
      certificatesRoute(platform, keys.merchant.apiV3Key),
    ];
    this.#verifier = new RequestVerifier({ mchid, keys, platform, now });
    this.#sealer = new Sealer({ platform, now, signErrors });
  }

  /** Answers a request and completes its entry in the log. */
  async reply(request: ReceivedRequest, entry: RequestEntry): Promise<Reply> {
    const understood = orRefusal(() => this.#understand(request, entry));
    // A faulty request is refused whatever the script says: no behaviour may hide it.
    if ('status' in understood) return this.#seal(understood, {}, entry);
    const numbers = 'numbers' in understood ? understood.numbers : {};
    const subject = subjectOf(this.#stores, entry.operation, numbers);
    const behaviour = this.#trouble.take(entry, { api: 'APIv3', subject });
    await behaviour.before?.();
    const effect = effectOf(behaviour);
    if (effect.replays !== undefined) return complete(entry, this.#given.lastAbout(effect.replays));
    if (effect.pays) subject.pay();
    const answer = effect.instead ?? orRefusal(() => this.#handle(understood, effect));
    return this.#seal(answer, { ...effect, delayMs: behaviour.delayMs }, entry);
  }

  #understand(request: ReceivedRequest, entry: RequestEntry): Understood {
    this.#verifier.verify(request);
    const found = findRoute(this.#routes, request);
    if ('missing' in found) return found;
    entry.operation = found.route.operation;
    const read = found.route.read(request, found.segments, this.#mchid);
    entry.outTradeNo = read.numbers.outTradeNo ?? this.#stores.orders.find(read.numbers)?.outTradeNo;
    return read;
  }

  #handle(understood: Understood, { swap }: Effect): Answer {
    // As in the real service, where these come from a front server that speaks no JSON.
    if ('missing' in understood) return emptyAnswer(understood.missing);
    const find = swap === undefined ? usual(this.#stores) : swapping(this.#stores, swap);
    return understood.answer({ ...this.#stores, find });
  }

  async #seal(
    answer: Answer,
    effect: Effect & Pick<MockBehaviour, 'delayMs'>,
    entry: RequestEntry,
  ): Promise<Reply> {
    const reply = await this.#sealer.seal(effect.onAnswer?.(answer) ?? answer, requestedKey(entry.headers));
    if (effect.onReply === undefined) this.#given.remember(entry.outTradeNo, reply);
    const final = (await effect.onReply?.(reply)) ?? reply;
    return { ...complete(entry, final, answer.code), delayMs: effect.delayMs };
  }
}

/** Notes what was answered, if anything was. */
function complete(entry: RequestEntry, reply: Reply, code?: string): Reply {
  if (reply.cut === undefined) {
    entry.status = reply.status;
    entry.code = code;
  }
  return reply;
}

/** A request that passed every check, though the gateway may have no such endpoint. */
type Understood = ReadRequest | { readonly missing: 404 | 405 };

function orRefusal<T>(work: () => T): T | Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return problemAnswer(error.shape);
    throw error;
  }
}

function usual({ orders, combineOrders }: Stores): Finder {
  return { order: (ref) => orders.find(ref), combineOrder: (no) => combineOrders.get(no) };
}

function swapping({ orders, combineOrders }: Stores, swap: Swap): Finder {
  return {
    order: (ref) => swappedIn(orders, ref, swap),
    combineOrder: (no) => swappedIn(combineOrders, no, swap),
  };
}
