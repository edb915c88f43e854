import type { CallOptions } from '../domain/call-options.js';
import type { OrderRef } from '../domain/order-ref.js';
import type { Order } from '../domain/order.js';
import type { ReverseCallOptions, ReverseGateway } from '../domain/reverse.gateway.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { queryOrder } from './operations/query-order.js';
import { reverseOrder } from './operations/reverse-order.js';
import type { V3Client } from './v3.client.js';

export interface V3ReverseGatewayOptions {
  readonly client: V3Client;
  readonly appid: string;
  readonly timeoutMs: number;
}

/** Reverses 付款码 orders over APIv3. */
export class V3ReverseGateway implements ReverseGateway {
  readonly timeoutMs: number;
  readonly #client: V3Client;
  readonly #appid: string;

  constructor({ client, appid, timeoutMs }: V3ReverseGatewayOptions) {
    this.timeoutMs = timeoutMs;
    this.#client = client;
    this.#appid = appid;
  }

  query(ref: OrderRef, options?: CallOptions): Promise<Order> {
    return this.#client.execute(queryOrder, ref, options);
  }

  async reverse(
    ref: OrderRef,
    { signal, timeoutMs }: ReverseCallOptions = {},
  ): Promise<{ readonly recall: boolean }> {
    if (ref.outTradeNo === undefined) {
      throw new WxPayInputError('outTradeNo', 'is missing: APIv3 reverses by the merchant’s number only.');
    }
    await this.#client.execute(reverseOrder, { ref, appid: this.#appid }, { signal, timeoutMs });
    return { recall: false };
  }
}
