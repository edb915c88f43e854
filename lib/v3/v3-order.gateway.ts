import { performance } from 'node:perf_hooks';
import type { CallOptions } from '../domain/call-options.js';
import type { CloseOrderRef, OrderRef } from '../domain/order-ref.js';
import type { OrderGateway } from '../domain/order.gateway.js';
import type { Order } from '../domain/order.js';
import { WxPayApiError } from '../errors/wxpay-api-error.js';
import { closeOrder } from './operations/close-order.js';
import { queryOrder } from './operations/query-order.js';
import type { V3Client } from './v3.client.js';

/** The orders of a merchant over APIv3. */
export class V3OrderGateway implements OrderGateway {
  readonly #client: V3Client;
  readonly #timeoutMs: number;

  /** @param timeoutMs what a call may take if its options do not say */
  constructor(client: V3Client, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  query(ref: OrderRef, options?: CallOptions): Promise<Order> {
    return this.#client.execute(queryOrder, ref, options);
  }

  async close(ref: CloseOrderRef, options: CallOptions = {}): Promise<void> {
    const endsAt = performance.now() + (options.timeoutMs ?? this.#timeoutMs);
    try {
      await this.#client.execute(closeOrder, ref, options);
    } catch (error) {
      if (!saysAlreadyClosed(error)) throw error;
      if (error.signed) return;
      // Nothing but TLS vouches for this refusal: a verified query decides, in the time that is left.
      const { tradeState } = await this.query(ref, {
        ...options,
        timeoutMs: Math.max(1, endsAt - performance.now()),
      });
      if (tradeState !== 'CLOSED') throw error;
    }
  }
}

function saysAlreadyClosed(error: unknown): error is WxPayApiError {
  return error instanceof WxPayApiError && closeOrder.alreadyDone?.includes(error.code) === true;
}
