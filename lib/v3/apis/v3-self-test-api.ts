import type { SelfTestOptions } from '../../domain/options.js';
import type { SelfTestApi } from '../../domain/ports/apis.js';
import { securityEcho } from '../operations/security-echo.js';
import type { V3Pipeline } from '../pipeline.js';

/** Tests the credentials of a merchant: WeChat Pay repeats a random message. */
export class V3SelfTestApi implements SelfTestApi {
  readonly #pipeline: V3Pipeline;
  readonly #nonce: () => string;

  constructor(pipeline: V3Pipeline, nonce: () => string) {
    this.#pipeline = pipeline;
    this.#nonce = nonce;
  }

  selfTest(options?: SelfTestOptions): Promise<void> {
    return this.#pipeline.execute(securityEcho, this.#nonce(), options);
  }
}
