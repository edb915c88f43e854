import type { CallOptions } from '../domain/call-options.js';
import type { CloseOrderRef, OrderRef } from '../domain/order-ref.js';
import type { HostCallOptions, OrderGateway, OrderTerms } from '../domain/order.gateway.js';
import type { Order } from '../domain/order.js';
import { WxPayApiError } from '../errors/wxpay-api-error.js';
import { closeOrder } from './operations/close-order.js';
import { queryOrder } from './operations/query-order.js';
import type { V2Client } from './v2.client.js';

/** The orders of a merchant, or of its sub-merchants, over APIv2. */
export class V2OrderGateway implements OrderGateway {
  readonly terms: OrderTerms;
  readonly #client: V2Client;

  constructor(client: V2Client, terms: OrderTerms) {
    this.terms = terms;
    this.#client = client;
  }

  query(ref: OrderRef, options?: HostCallOptions): Promise<Order> {
    return this.#client.execute(queryOrder, ref, options);
  }

  async close(ref: CloseOrderRef, options?: CallOptions): Promise<void> {
    try {
      await this.#client.execute(closeOrder, ref, options);
    } catch (error) {
      if (!isAlreadyClosed(error)) throw error;
    }
  }
}

/** Codes are signed in APIv2, so there is nothing to ask about; an unsigned refusal has only a text. */
function isAlreadyClosed(error: unknown): boolean {
  return error instanceof WxPayApiError && error.signed && closeOrder.alreadyDone.includes(error.code);
}
