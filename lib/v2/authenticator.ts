import type { CallContext } from '../errors/call-context.js';
import { WxPayError } from '../errors/wxpay-error.js';
import { WxPaySignatureError, type WxPaySignatureFault } from '../errors/wxpay-signature-error.js';
import { portFailed } from '../transport/failures.js';
import type { Attempt } from '../transport/attempt.js';
import { present } from './fields.js';
import { isSameSignature } from './sign.js';
import type { WxPayV2Signer } from './signer.js';
import type { V2Fields } from './xml.js';

export interface V2AuthenticatorOptions {
  readonly mchid: string;
  readonly appid: string;
  readonly signer: WxPayV2Signer;
  /** A fresh, unpredictable text of at most 32 characters. */
  readonly nonce: () => string;
}

/** Proves to WeChat Pay who we are, and makes WeChat Pay prove who it is: with a key that both know. */
export class V2Authenticator {
  readonly #options: V2AuthenticatorOptions;

  constructor(options: V2AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * Adds what every request has: who asks, a nonce that is fresh at each call, and the signature over all of it.
   *
   * @param fields undefined for a field to leave out
   */
  async sign(fields: Readonly<Record<string, string | undefined>>, attempt: Attempt): Promise<V2Fields> {
    const { mchid, appid, signer, nonce } = this.#options;
    const unsigned = {
      ...present(fields as V2Fields),
      appid,
      mch_id: mchid,
      nonce_str: nonce(),
      sign_type: signer.signType,
    };
    return { ...unsigned, sign: await this.#signatureOf(unsigned, 'signing', attempt) };
  }

  /**
   * Verifies the signature of a reply in the way that was asked for; a reply that is signed in another way, MD5 instead
   * of HMAC-SHA256 for example, is a forgery like any other.
   *
   * @throws {WxPaySignatureError} if the signature is missing or does not prove the origin
   */
  async verify(reply: V2Fields, attempt: Attempt): Promise<void> {
    if (!reply.sign) {
      throw refused('missing', attempt.call, 'it lacks sign. Check what answers at this host');
    }
    const expected = await this.#signatureOf(reply, 'verifying', attempt);
    if (!isSameSignature(expected, reply.sign)) {
      throw refused(
        'mismatch',
        attempt.call,
        `its signature is not the ${this.#options.signer.signType} of its content. Check that the configured key is the APIv2 key of this merchant, and that no proxy changes replies`,
      );
    }
  }

  #signatureOf(fields: V2Fields, step: 'signing' | 'verifying', attempt: Attempt): Promise<string> {
    return attempt.step(step, async () => {
      try {
        return await this.#options.signer.sign(fields);
      } catch (error) {
        throw error instanceof WxPayError ? error : portFailed(attempt.call, 'signer', error);
      }
    });
  }
}

function refused(
  reason: WxPaySignatureFault,
  { operation, subject, merchant }: CallContext,
  problem: string,
): WxPaySignatureError {
  return new WxPaySignatureError(
    reason,
    `The answer to ${operation} of ${subject} was not believed: ${problem}.`,
    { merchant },
  );
}
