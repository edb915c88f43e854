import type { CallOptions } from '../domain/call-options.js';
import { closeOrConfirm } from '../domain/close-or-confirm.js';
import { combinedTradeState, type CombineCloseRequest, type CombineOrder } from '../domain/combine-order.js';
import type { CombineGateway } from '../domain/combine.gateway.js';
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

  close(
    request: CombineCloseRequest,
    { signal, timeoutMs = this.#timeoutMs }: CallOptions = {},
  ): Promise<void> {
    return closeOrConfirm({
      close: (rest) => this.#client.execute(closeCombineOrder, request, rest),
      alreadyDone: closeCombineOrder.alreadyDone,
      // A signed reply is fresh.
      isProof: ({ signed }) => signed,
      stateOf: async (rest) => combinedTradeState(await this.query(request.combineOutTradeNo, rest)),
      subject: closeCombineOrder.subject(request),
      signal,
      timeoutMs,
    });
  }
}
