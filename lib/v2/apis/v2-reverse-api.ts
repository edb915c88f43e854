import type { CallOptions } from '../../domain/options.js';
import type { OrderRef } from '../../domain/order-ref.js';
import type { Order } from '../../domain/order.js';
import type { OrderTerms, ReverseApi, ReverseCallOptions, ReverseReply } from '../../domain/ports/apis.js';
import { ofApp } from '../operation.js';
import { queryOrder } from '../operations/query-order.js';
import { reverseFaceOrder, reverseOrder } from '../operations/reverse-order.js';
import type { V2Pipeline } from '../pipeline.js';

/** Reverses orders paid by 付款码 or by face, over APIv2. */
export class V2ReverseApi implements ReverseApi {
  readonly terms: OrderTerms;
  readonly #pipeline: V2Pipeline;
  readonly #appid: string | undefined;

  /** @param appid app that placed the orders; default: the merchant's */
  constructor(pipeline: V2Pipeline, terms: OrderTerms, appid?: string) {
    this.terms = terms;
    this.#pipeline = pipeline;
    this.#appid = appid;
  }

  query(ref: OrderRef, options?: CallOptions): Promise<Order> {
    return this.#pipeline.execute(ofApp(queryOrder, this.#appid), ref, options);
  }

  reverse(ref: OrderRef, { tradeType, ...options }: ReverseCallOptions = {}): Promise<ReverseReply> {
    const operation = tradeType === 'FACEPAY' ? reverseFaceOrder : reverseOrder;
    return this.#pipeline.execute(ofApp(operation, this.#appid), ref, options);
  }
}
