import type { OrderRef } from '../../../lib/domain/order-ref.js';
import type { Order } from '../../../lib/domain/order.js';
import type { ReverseApi, ReverseCallOptions, ReverseReply } from '../../../lib/domain/ports/apis.js';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';

/** Noon of the day on which orders are reversed. */
export const NOW = Date.parse('2026-06-01T12:00:00Z');

/** A 付款码 order of that state. */
export const order = (tradeState: string, fields: Partial<Order> = {}): Order => ({
  mchid: '1900000001',
  outTradeNo: 'T1',
  tradeState,
  tradeStateDesc: '',
  tradeType: 'MICROPAY',
  raw: {},
  ...fields,
});
/** One that was paid a minute ago. */
export const paid = (successTime = new Date(NOW - 60_000)): Order =>
  order('SUCCESS', { transactionId: '42', successTime });
export const refusal = (code: string, signed = true, asksAgain?: boolean): WxPayApiError =>
  new WxPayApiError({
    call: { operation: 'order.reverse', subject: 'order T1', merchant: 'default' },
    code,
    httpStatus: 200,
    signed,
    asksAgain,
  });
export const unreachable = new WxPayTransportError('unreachable');

/** What the gateway answers, or fails with. */
type Step = Order | Error | ReverseReply;

/** What the API answers to a reversal: over APIv2, where no reply names its order. */
export const DONE: ReverseReply = { recall: false, namesOrder: false };
export const AGAIN: ReverseReply = { recall: true, namesOrder: false };
/** And over APIv3. */
export const PROVEN: ReverseReply = { recall: false, namesOrder: true };

/** An API that answers as scripted; the last answer of each kind repeats. */
export class ScriptedReversals implements ReverseApi {
  readonly terms = { merchant: 'default', timeoutMs: 10_000, minOrderAgeMs: 0, hosts: [] };
  readonly asked: string[] = [];
  /** The types that the reversals were told. */
  readonly tradeTypes: (string | undefined)[] = [];
  readonly #queries: Step[];
  readonly #reversals: Step[];

  constructor(queries: readonly Step[], reversals: readonly Step[]) {
    this.#queries = [...queries];
    this.#reversals = [...reversals];
  }

  async query(): Promise<Order> {
    return this.#take('query', this.#queries) as Order;
  }

  async reverse(_ref: OrderRef, { tradeType }: ReverseCallOptions = {}): Promise<ReverseReply> {
    this.tradeTypes.push(tradeType);
    return this.#take('reverse', this.#reversals) as ReverseReply;
  }

  #take(kind: string, steps: Step[]): Step {
    this.asked.push(kind);
    const step = steps.length > 1 ? steps.shift() : steps[0];
    if (step === undefined) throw new Error(`unexpected ${kind}`);
    if (step instanceof Error) throw step;
    return step;
  }
}
