import { createHmac } from 'node:crypto';
import { checkApiKey } from './check-api-key.js';
import { canonical } from './canonical-fields.js';
import { decryptRefundNotice } from './decrypt-refund-notice.js';
import { WxPayV2Signer } from './signer.js';

/** Signs with HMAC-SHA256 and an APIv2 key held in memory; the recommended signer. */
export class HmacSha256Signer extends WxPayV2Signer {
  readonly signType = 'HMAC-SHA256';
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
    // The protocol uses the key twice: appended to the text and as the key of the HMAC.
    return createHmac('sha256', this.#key)
      .update(`${canonical(fields)}&key=${this.#key}`)
      .digest('hex')
      .toUpperCase();
  }

  override async decryptRefundNotice(encrypted: string): Promise<string> {
    return decryptRefundNotice(encrypted, this.#key);
  }

  override isSameAs(other: WxPayV2Signer): boolean {
    return other instanceof HmacSha256Signer && other.#key === this.#key;
  }
}
