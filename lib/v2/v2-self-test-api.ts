import type { CallOptions } from '../domain/options.js';
import type { SelfTestApi } from '../domain/ports/apis.js';
import { WxPayApiError } from '../errors/wxpay-api-error.js';
import { queryOrder } from './operations/query-order.js';
import type { V2Pipeline } from './pipeline.js';

/** Tests the credentials of a merchant: APIv2 has no endpoint for it, so a random order is queried, which no one has placed. */
export class V2SelfTestApi implements SelfTestApi {
  readonly #pipeline: V2Pipeline;
  readonly #nonce: () => string;

  constructor(pipeline: V2Pipeline, nonce: () => string) {
    this.#pipeline = pipeline;
    this.#nonce = nonce;
  }

  async selfTest(options?: CallOptions): Promise<void> {
    try {
      await this.#pipeline.execute(queryOrder, { outTradeNo: this.#nonce() }, options);
    } catch (error) {
      if (!isSignedNotFound(error)) throw error;
    }
  }
}

/** Tells whether the error is a reply with a valid signature, which proves the key. */
function isSignedNotFound(error: unknown): boolean {
  return error instanceof WxPayApiError && error.kind === 'order-not-found' && error.signed;
}
