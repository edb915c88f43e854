import type { SelfTestOptions } from '../../domain/options.js';
import type { SelfTestApi } from '../../domain/ports/apis.js';
import { queryRandomOrder } from '../operations/query-random-order.js';
import type { V2Pipeline } from '../pipeline.js';

/** Tests the credentials of a merchant with a query of a random order. */
export class V2SelfTestApi implements SelfTestApi {
  readonly #pipeline: V2Pipeline;
  readonly #nonce: () => string;

  constructor(pipeline: V2Pipeline, nonce: () => string) {
    this.#pipeline = pipeline;
    this.#nonce = nonce;
  }

  selfTest(options: SelfTestOptions = {}): Promise<void> {
    const { subMchid } = options;
    return this.#pipeline.execute(queryRandomOrder, { outTradeNo: this.#nonce(), subMchid }, options);
  }
}
