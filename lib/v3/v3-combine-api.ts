import type { CallOptions } from '../domain/options.js';
import { closeOrConfirm } from '../domain/flows/close-or-confirm.js';
import { combinedTradeState, type CombineCloseRequest, type CombineOrder } from '../domain/combine-order.js';
import type { CombineApi } from '../domain/ports/apis.js';
import { closeCombineOrder } from './operations/close-combine-order.js';
import { queryCombineOrder } from './operations/query-combine-order.js';
import type { V3Pipeline } from './pipeline.js';

/** The combine orders of a merchant over APIv3. */
export class V3CombineApi implements CombineApi {
  readonly #pipeline: V3Pipeline;
  readonly #timeoutMs: number;

  /** @param timeoutMs what a call may take if its options do not say */
  constructor(pipeline: V3Pipeline, timeoutMs: number) {
    this.#pipeline = pipeline;
    this.#timeoutMs = timeoutMs;
  }

  query(combineOutTradeNo: string, options?: CallOptions): Promise<CombineOrder> {
    return this.#pipeline.execute(queryCombineOrder, { combineOutTradeNo }, options);
  }

  close(
    request: CombineCloseRequest,
    { signal, timeoutMs = this.#timeoutMs }: CallOptions = {},
  ): Promise<void> {
    return closeOrConfirm({
      close: (rest) => this.#pipeline.execute(closeCombineOrder, request, rest),
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
