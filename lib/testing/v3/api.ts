import type { MockBehaviour } from '../faults/behaviour.js';
import { emptyReply, type DraftReply, type ReceivedRequest, type Reply } from '../http/exchange.js';
import type { KeyRing } from '../keys/keys.js';
import type { PlatformKeys } from '../keys/platform-keys.js';
import type { RequestEntry } from '../faults/requests.js';
import type { Stores } from '../orders/stores.js';
import { refundsByOrder } from '../refunds/refunds-by-order.js';
import { outTradeNoOf, subjectOf, findSwapped, type Swap } from '../faults/subject.js';
import type { BehaviourSelector } from '../faults/behaviour-selector.js';
import { billRoutes } from './bill-routes.js';
import { certificatesRoute } from './certificates-route.js';
import { CODE_PAY_ROUTES } from './code-pay-routes.js';
import { combinePrepayRoutes } from './combine-prepay-routes.js';
import { COMBINE_ROUTES } from './combine-routes.js';
import { effectOf, type Effect } from './effect.js';
import { ORDER_ROUTES } from './order-routes.js';
import { prepayRoutes } from './prepay-routes.js';
import { UPLOAD_ROUTES } from './upload-routes.js';
import { Problem, problemReply } from './problem.js';
import { requestedKey, RequestVerifier } from './request-verifier.js';
import { refundRoutes } from './refund-routes.js';
import { REVERSE_ROUTES } from './reverse-routes.js';
import { ReplyHistory } from './reply-history.js';
import { findRoute, type Finder, type ReadRequest, type Route } from './route.js';
import { ReplySigner } from './reply-signer.js';
import { securityRoutes } from './security-routes.js';

/** Dependencies of {@link V3Api}. */
export interface V3ApiParts {
  readonly mchid: string;
  readonly keys: KeyRing;
  readonly platform: PlatformKeys;
  readonly stores: Stores;
  readonly behaviours: BehaviourSelector;
  readonly now: () => number;
  readonly signErrors: boolean;
  readonly allowLocalNotifyUrl: boolean;
  /** Returns the origin of the gateway. */
  readonly url: () => string;
}

/** Simulates APIv3: verifies, parses and processes a request, then signs the reply. */
export class V3Api {
  readonly #mchid: string;
  readonly #stores: Stores;
  readonly #behaviours: BehaviourSelector;
  readonly #routes: readonly Route[];
  readonly #verifier: RequestVerifier;
  readonly #replySigner: ReplySigner;
  readonly #history = new ReplyHistory();

  constructor(parts: V3ApiParts) {
    const { mchid, keys, platform, stores, behaviours, now, signErrors, allowLocalNotifyUrl } = parts;
    this.#mchid = mchid;
    this.#stores = stores;
    this.#behaviours = behaviours;
    this.#routes = [
      ...prepayRoutes({ now, allowLocalNotifyUrl }),
      ...combinePrepayRoutes({ now, allowLocalNotifyUrl }),
      ...ORDER_ROUTES,
      ...CODE_PAY_ROUTES,
      ...REVERSE_ROUTES,
      ...COMBINE_ROUTES,
      ...refundRoutes({ allowLocalNotifyUrl, platform }),
      ...UPLOAD_ROUTES,
      ...billRoutes(stores.bills, parts.url),
      certificatesRoute(platform, keys.merchant.apiV3Key),
      ...securityRoutes({ platform, merchantPublicKey: keys.merchantPublicKey, allowLocalNotifyUrl }),
    ];
    this.#verifier = new RequestVerifier({ mchid, keys, platform, now });
    this.#replySigner = new ReplySigner({ platform, now, signErrors });
  }

  /** Replies to a request and completes its log entry. */
  async reply(request: ReceivedRequest, entry: RequestEntry): Promise<Reply> {
    const parsed = catchRefusal(() => this.#readRequest(request, entry));
    // An invalid request is always refused: a scripted behaviour must not hide the mistake.
    if ('status' in parsed) return this.#sign(parsed, {}, entry);
    const numbers = 'numbers' in parsed ? parsed.numbers : {};
    const subject = subjectOf(this.#stores, entry.operation, numbers);
    const behaviour = this.#behaviours.select(entry, { api: 'APIv3', subject });
    await behaviour.before?.();
    const effect = effectOf(behaviour);
    if (effect.replays !== undefined) {
      return complete(entry, this.#history.lastReplyAbout(effect.replays, entry.operation));
    }
    if (effect.paysOrder) subject.pay();
    const draft = effect.replacement ?? catchRefusal(() => this.#handle(parsed, effect));
    return this.#sign(draft, { delayMs: behaviour.delayMs, ...effect }, entry);
  }

  #readRequest(request: ReceivedRequest, entry: RequestEntry): ParsedRequest {
    this.#verifier.verify(request);
    const found = findRoute(this.#routes, request);
    if ('missing' in found) return found;
    entry.operation = found.route.operation;
    const read = found.route.read(request, found.segments, this.#mchid);
    entry.outTradeNo = outTradeNoOf(this.#stores, read.numbers);
    return read;
  }

  #handle(parsed: ParsedRequest, { swap }: Effect): DraftReply {
    // Without JSON, as in the real service: a proxy sends these replies.
    if ('missing' in parsed) return emptyReply(parsed.missing);
    const find = swap === undefined ? directFinder(this.#stores) : swappingFinder(this.#stores, swap);
    return parsed.reply({ find, ...this.#stores });
  }

  async #sign(
    draft: DraftReply,
    effect: Effect & Pick<MockBehaviour, 'delayMs'>,
    entry: RequestEntry,
  ): Promise<Reply> {
    const reply = await this.#replySigner.sign(effect.onDraft?.(draft) ?? draft, requestedKey(entry.headers));
    if (effect.onReply === undefined) this.#history.remember(entry, reply);
    const final = (await effect.onReply?.(reply)) ?? reply;
    const { status, headers, body, cut, dripMs } = complete(entry, final, draft.code);
    return { status, headers, body, cut, dripMs, delayMs: effect.delayMs };
  }
}

/** Records status and code of the reply, unless the connection is cut. */
function complete(entry: RequestEntry, reply: Reply, code?: string): Reply {
  if (reply.cut === undefined) {
    entry.status = reply.status;
    entry.code = code;
  }
  return reply;
}

/** Request that passed every check, or an unknown endpoint. */
type ParsedRequest = ReadRequest | { readonly missing: 404 | 405 };

function catchRefusal<T>(work: () => T): T | DraftReply {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return problemReply(error.shape);
    throw error;
  }
}

function directFinder({ orders, combineOrders, refunds }: Stores): Finder {
  return {
    order: (ref) => orders.find(ref),
    combineOrder: (no) => combineOrders.get(no),
    refund: (ref) => refunds.find(ref),
  };
}

function swappingFinder({ orders, combineOrders, refunds }: Stores, swap: Swap): Finder {
  return {
    order: (ref) => findSwapped(orders, ref, swap),
    combineOrder: (no) => findSwapped(combineOrders, no, swap),
    refund: (ref) => findSwapped(refundsByOrder(refunds), ref, swap),
  };
}
