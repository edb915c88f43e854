import { createHash } from 'node:crypto';
import { checkApiKey } from './check-api-key.js';
import { canonical } from './canonical-fields.js';
import { decryptRefundNotice } from './decrypt-refund-notice.js';
import { WxPayV2Signer } from './signer.js';

/** Signs with MD5 and an APIv2 key held in memory, for systems that require MD5; prefer `HmacSha256Signer`. */
export class Md5Signer extends WxPayV2Signer {
  readonly signType = 'MD5';
  readonly #key: string;

  /**
   * @param options `key` is the APIv2 key, 32 bytes
   * @throws {WxPayConfigError} naming `key`
   */
  constructor(options: { readonly key: string }) {
    super();
    const { key } = (options ?? {}) as Partial<typeof options>;
    this.#key = checkApiKey(key);
  }

  override async sign(fields: Readonly<Record<string, string>>): Promise<string> {
    return createHash('md5')
      .update(`${canonical(fields)}&key=${this.#key}`)
      .digest('hex')
      .toUpperCase();
  }

  override async decryptRefundNotice(encrypted: string): Promise<string> {
    return decryptRefundNotice(encrypted, this.#key);
  }

  override isSameAs(other: WxPayV2Signer): boolean {
    return other instanceof Md5Signer && other.#key === this.#key;
  }
}
