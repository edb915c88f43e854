import type { CallOptions } from '../domain/call-options.js';
import { combinedTradeState, type CombineCloseRequest, type CombineOrder } from '../domain/combine-order.js';
import type { CombineGateway } from '../domain/combine.gateway.js';
import { closeOrConfirm } from './close-or-confirm.js';
import { closeCombineOrder } from './operations/close-combine-order.js';
import { queryCombineOrder } from './operations/query-combine-order.js';
import type { V3Client } from './v3.client.js';

/** The combine orders of a merchant over APIv3. */
export class V3CombineGateway implements CombineGateway {
  readonly #client: V3Client;
  readonly #timeoutMs: number;

  /** @param timeoutMs what a call may take if its options do not say */
  constructor(client: V3Client, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  query(combineOutTradeNo: string, options?: CallOptions): Promise<CombineOrder> {
    return this.#client.execute(queryCombineOrder, { combineOutTradeNo }, options);
  }

  close(request: CombineCloseRequest, options: CallOptions = {}): Promise<void> {
    return closeOrConfirm({
      client: this.#client,
      operation: closeCombineOrder,
      input: request,
      options: { ...options, timeoutMs: options.timeoutMs ?? this.#timeoutMs },
      stateOf: async (rest) => combinedTradeState(await this.query(request.combineOutTradeNo, rest)),
    });
  }
}
