import type { CallOptions } from '../../domain/options.js';
import type { OrderRef } from '../../domain/order-ref.js';
import type { Order } from '../../domain/order.js';
import type { OrderTerms, ReverseApi, ReverseCallOptions, ReverseReply } from '../../domain/ports/apis.js';
import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { queryOrder } from '../operations/query-order.js';
import { reverseOrder } from '../operations/reverse-order.js';
import type { V3Pipeline } from '../pipeline.js';

export interface V3ReverseApiOptions {
  readonly pipeline: V3Pipeline;
  readonly appid: string;
  readonly terms: OrderTerms;
}

/** Reverses 付款码 orders over APIv3. */
export class V3ReverseApi implements ReverseApi {
  readonly terms: OrderTerms;
  readonly #pipeline: V3Pipeline;
  readonly #appid: string;

  constructor({ pipeline, appid, terms }: V3ReverseApiOptions) {
    this.terms = terms;
    this.#pipeline = pipeline;
    this.#appid = appid;
  }

  query(ref: OrderRef, options?: CallOptions): Promise<Order> {
    return this.#pipeline.execute(queryOrder, ref, options);
  }

  async reverse(ref: OrderRef, { signal, timeoutMs }: ReverseCallOptions = {}): Promise<ReverseReply> {
    if (ref.outTradeNo === undefined) {
      throw new WxPayInputError('outTradeNo', 'is missing: APIv3 reverses by the merchant’s number only.');
    }
    await this.#pipeline.execute(reverseOrder, { ref, appid: this.#appid }, { signal, timeoutMs });
    return { recall: false, namesOrder: true };
  }
}
