import type { V2Fields } from '../../v2/xml.js';
import { emptyReply, type DraftReply, type ReceivedRequest, type Reply } from '../http/exchange.js';
import { htmlReply } from '../faults/transport-faults.js';
import type { RequestEntry } from '../faults/requests.js';
import type { Stores } from '../orders/stores.js';
import { outTradeNoOf, subjectOf, findSwapped } from '../faults/subject.js';
import type { BehaviourSelector } from '../faults/behaviour-selector.js';
import { BILL_PATH, billReply } from './bill-route.js';
import { v2EffectOf, type V2Effect } from './effect.js';
import { refusalMessage, signedReply, successMessage, unsignedRefusal, type Outcome } from './message.js';
import { MICROPAY_ROUTE } from './micropay-route.js';
import { checkNotifyUrl } from './notify-url.js';
import { checkFields, numberIn, ORDER_ROUTES, type V2Route } from './order-routes.js';
import { businessRefusal, V2Refusal } from './refusal.js';
import { PREPAY_ROUTE, type V2PlacingRoute } from './prepay-route.js';
import { REFUND_ROUTES, type V2RefundRoute } from './refund-routes.js';
import { RequestReader, type AuthenticatedRequest, type V2Merchant } from './request-reader.js';

/** Dependencies of {@link V2Api}. */
export interface V2ApiParts {
  readonly merchant: V2Merchant;
  readonly stores: Stores;
  readonly behaviours: BehaviourSelector;
  readonly now: () => number;
  /** Accepts a `notify_url` that WeChat Pay could not reach. */
  readonly allowLocalNotifyUrl: boolean;
}

// The certificate is checked by a proxy, before the API receives the request.
const NO_CERTIFICATE =
  '<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>\r\n<body><center><h1>400 Bad Request</h1></center><center>No required SSL certificate was sent</center></body>\r\n</html>\r\n';

type AnyRoute = V2Route | V2PlacingRoute | V2RefundRoute;
const ROUTES: readonly AnyRoute[] = [...ORDER_ROUTES, PREPAY_ROUTE, MICROPAY_ROUTE, ...REFUND_ROUTES];

/** Simulates APIv2: every reply has HTTP 200, and layered fields contain the outcome. */
export class V2Api {
  readonly #merchant: V2Merchant;
  readonly #stores: Stores;
  readonly #behaviours: BehaviourSelector;
  readonly #reader: RequestReader;
  readonly #now: () => number;
  readonly #allowLocalNotifyUrl: boolean;

  constructor({ merchant, stores, behaviours, now, allowLocalNotifyUrl }: V2ApiParts) {
    this.#merchant = merchant;
    this.#stores = stores;
    this.#behaviours = behaviours;
    this.#reader = new RequestReader(merchant, now);
    this.#now = now;
    this.#allowLocalNotifyUrl = allowLocalNotifyUrl;
  }

  /** Replies to a request and completes its log entry. */
  async reply(request: ReceivedRequest, entry: RequestEntry): Promise<Reply> {
    const route = ROUTES.find(({ path }) => path === request.target);
    if (route?.needsCertificate && !request.hasClientCertificate) {
      return finish(htmlReply(400, NO_CERTIFICATE), {}, entry);
    }
    const authenticated = catchRefusal(() => this.#reader.read(request));
    if (authenticated instanceof V2Refusal) {
      const isKnown = route !== undefined || request.target === BILL_PATH;
      const draft = !isKnown ? emptyReply(404) : unsignedRefusal(authenticated);
      return finish(draft, {}, entry);
    }
    const { fields, signType } = authenticated;
    const isBill = request.target === BILL_PATH;
    if (isBill) entry.operation = 'bill.trade';
    const echo = { signType, fields: echoedFields(route, fields) };
    const refusal = route && catchRefusal(() => this.#readRequest(route, authenticated, entry));
    // An invalid request is always refused: a scripted behaviour must not hide the mistake.
    if (refusal !== undefined) return finish(this.#sign(refusal, echo, {}), {}, entry);
    const subject = subjectOf(this.#stores, entry.operation, numberIn(fields));
    const behaviour = this.#behaviours.select(entry, { api: 'APIv2', signType, subject });
    await behaviour.before?.();
    const effect = v2EffectOf(behaviour);
    if (effect.paysOrder) subject.pay();
    const handle = (): Outcome =>
      isBill ? billReply(this.#stores.bills, fields) : this.#handle(route, authenticated, effect);
    const outcome = effect.replacement ?? catchRefusal(handle);
    const reply = await finish(this.#sign(outcome, echo, effect), effect, entry);
    return { ...reply, delayMs: behaviour.delayMs };
  }

  #readRequest(route: AnyRoute, { fields }: AuthenticatedRequest, entry: RequestEntry): undefined {
    entry.operation = route.operation;
    checkFields(route, fields);
    checkNotifyUrl(fields, this.#allowLocalNotifyUrl);
    entry.outTradeNo = outTradeNoOf(this.#stores, numberIn(fields));
  }

  #handle(route: AnyRoute | undefined, { fields }: AuthenticatedRequest, { swap }: V2Effect): Outcome {
    if (route === undefined) return emptyReply(404);
    if ('handleRefund' in route) {
      const content = route.handleRefund(fields, { stores: this.#stores, swap });
      return { message: successMessage(echoedFields(route, fields), content) };
    }
    if ('place' in route) {
      return { message: successMessage(fields, route.place(fields, this.#stores, this.#now())) };
    }
    const { orders, ages } = this.#stores;
    const numbers = numberIn(fields);
    // Swap orders in queries only: the wrong order must never be closed by mistake.
    const isSwapped = swap !== undefined && route.operation === 'order.query';
    const order = isSwapped ? findSwapped(orders, numbers, swap) : orders.find(numbers);
    if (order === undefined) throw businessRefusal('ORDERNOTEXIST', '此交易订单号不存在');
    return { message: successMessage(echoedFields(route, fields), route.reply({ order, orders, ages })) };
  }

  #sign(outcome: Outcome, { fields, signType }: AuthenticatedRequest, effect: V2Effect): DraftReply {
    if ('body' in outcome) return outcome;
    const { apiV2Key } = this.#merchant;
    const isRefusal = outcome instanceof V2Refusal;
    if (isRefusal && outcome.layer === 'message') return unsignedRefusal(outcome);
    const message = isRefusal ? refusalMessage(fields, outcome) : outcome.message;
    const draft = signedReply(message, { signType, apiV2Key }, effect);
    return isRefusal ? { ...draft, code: outcome.code } : draft;
  }
}

/** Returns the fields of the request that its reply repeats. */
function echoedFields(route: AnyRoute | undefined, fields: V2Fields): V2Fields {
  return route?.emptySubMchid ? { sub_mch_id: '', ...fields } : fields;
}

async function finish(draft: DraftReply, effect: V2Effect, entry: RequestEntry): Promise<Reply> {
  const { status = draft.status, headers, onReply } = effect;
  const reply: Reply = { status, headers: { ...draft.headers, ...headers }, body: draft.body };
  const final = (await onReply?.(reply)) ?? reply;
  if (final.cut === undefined) {
    entry.status = final.status;
    entry.code = draft.code;
  }
  return final;
}

function catchRefusal<T>(work: () => T): T | V2Refusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof V2Refusal) return error;
    throw error;
  }
}
