import type { V2Fields } from '../../v2/xml.js';
import { emptyAnswer, type Answer, type ReceivedRequest, type Reply } from '../http/exchange.js';
import { page } from '../faults/front-faults.js';
import type { RequestEntry } from '../faults/requests.js';
import type { Stores } from '../orders/stores.js';
import { subjectOf, swappedIn } from '../faults/subject.js';
import type { Trouble } from '../faults/trouble.js';
import { v2EffectOf, type V2Effect } from './effect.js';
import { refusalMessage, signedAnswer, successMessage, unbelieved, type Outcome } from './message.js';
import { checkFields, numberIn, ORDER_ROUTES, type V2Route } from './order-routes.js';
import { businessRefusal, V2Refusal } from './refusal.js';
import { RequestReader, type GenuineRequest, type V2Merchant } from './request-reader.js';

/** What APIv2 works with. */
export interface V2ApiParts {
  readonly merchant: V2Merchant;
  readonly stores: Stores;
  readonly trouble: Trouble;
  readonly now: () => number;
}

// A front server asks for the certificate, before the API sees the request.
const NO_CERTIFICATE =
  '<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>\r\n<body><center><h1>400 Bad Request</h1></center><center>No required SSL certificate was sent</center></body>\r\n</html>\r\n';

/** APIv2 as WeChat Pay speaks it: HTTP 200 whatever happens, and what happened in layers of fields. */
export class V2Api {
  readonly #merchant: V2Merchant;
  readonly #stores: Stores;
  readonly #trouble: Trouble;
  readonly #reader: RequestReader;

  constructor({ merchant, stores, trouble, now }: V2ApiParts) {
    this.#merchant = merchant;
    this.#stores = stores;
    this.#trouble = trouble;
    this.#reader = new RequestReader(merchant, now);
  }

  /** Answers a request and completes its entry in the log. */
  async reply(request: ReceivedRequest, entry: RequestEntry): Promise<Reply> {
    const route = ORDER_ROUTES.find(({ path }) => path === request.target);
    if (route?.needsCertificate && !request.isCertified) return finish(page(400, NO_CERTIFICATE), {}, entry);
    const genuine = orRefusal(() => this.#reader.read(request));
    if (genuine instanceof V2Refusal) {
      const answer = route === undefined ? emptyAnswer(404) : unbelieved(genuine);
      return finish(answer, {}, entry);
    }
    const { fields, signType } = genuine;
    const told = { signType, fields: quoted(route, fields) };
    const refusal = route && orRefusal(() => this.#understand(route, genuine, entry));
    // A faulty request is refused whatever the script says: no behaviour may hide it.
    if (refusal !== undefined) return finish(this.#seal(refusal, told, {}), {}, entry);
    const subject = subjectOf(this.#stores, entry.operation, numberIn(fields));
    const behaviour = this.#trouble.take(entry, { api: 'APIv2', signType, subject });
    await behaviour.before?.();
    const effect = v2EffectOf(behaviour);
    if (effect.pays) subject.pay();
    const outcome = effect.instead ?? orRefusal(() => this.#handle(route, genuine, effect));
    const reply = await finish(this.#seal(outcome, told, effect), effect, entry);
    return { ...reply, delayMs: behaviour.delayMs };
  }

  #understand(route: V2Route, { fields }: GenuineRequest, entry: RequestEntry): undefined {
    entry.operation = route.operation;
    checkFields(route, fields);
    const numbers = numberIn(fields);
    entry.outTradeNo = numbers.outTradeNo ?? this.#stores.orders.find(numbers)?.outTradeNo;
  }

  #handle(route: V2Route | undefined, { fields }: GenuineRequest, { swap }: V2Effect): Outcome {
    if (route === undefined) return emptyAnswer(404);
    const { orders, ages } = this.#stores;
    const numbers = numberIn(fields);
    // Only queries are swapped: another order must never be closed by mistake.
    const isSwapped = swap !== undefined && route.operation === 'order.query';
    const order = isSwapped ? swappedIn(orders, numbers, swap) : orders.find(numbers);
    if (order === undefined) throw businessRefusal('ORDERNOTEXIST', '此交易订单号不存在');
    return { message: successMessage(quoted(route, fields), route.answer({ order, orders, ages })) };
  }

  #seal(outcome: Outcome, { fields, signType }: GenuineRequest, effect: V2Effect): Answer {
    if ('body' in outcome) return outcome;
    const { apiV2Key } = this.#merchant;
    const isRefusal = outcome instanceof V2Refusal;
    const message = isRefusal ? refusalMessage(fields, outcome) : outcome.message;
    const answer = signedAnswer(message, { signType, apiV2Key }, effect);
    return isRefusal ? { ...answer, code: outcome.code } : answer;
  }
}

/** The fields of a request as its reply repeats them. */
function quoted(route: V2Route | undefined, fields: V2Fields): V2Fields {
  return route?.emptySubMchid ? { sub_mch_id: '', ...fields } : fields;
}

async function finish(answer: Answer, effect: V2Effect, entry: RequestEntry): Promise<Reply> {
  const { status = answer.status, headers, onReply } = effect;
  const reply: Reply = { status, headers: { ...answer.headers, ...headers }, body: answer.body };
  const final = (await onReply?.(reply)) ?? reply;
  if (final.cut === undefined) {
    entry.status = final.status;
    entry.code = answer.code;
  }
  return final;
}

function orRefusal<T>(work: () => T): T | V2Refusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof V2Refusal) return error;
    throw error;
  }
}
