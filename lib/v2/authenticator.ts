import type { Attempt } from '../transport/retry/attempt.js';
import { expectNoFieldsWithin } from './field-boundaries.js';
import { present } from './fields.js';
import { signatureOf, verifyFields, type FieldsWording } from './signing/signed-fields.js';
import type { WxPayV2Signer } from './signing/signer.js';
import type { V2Fields } from './xml.js';

export interface V2AuthenticatorOptions {
  readonly mchid: string;
  readonly appid: string;
  readonly signer: WxPayV2Signer;
  /** A fresh, unpredictable text of at most 32 characters. */
  readonly nonce: () => string;
}

const REPLY: FieldsWording = {
  nameOf: ({ operation, subject }) => `The answer to ${operation} of ${subject}`,
  afterMissing: ({ operation }) =>
    operation === 'request'
      ? 'Check what answers at this host. If WeChat Pay signs no reply of this endpoint, pass unsignedReply: true'
      : 'Check what answers at this host',
  afterMismatch: 'no proxy changes replies',
};

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
   * @throws {WxPayInputError} if a value holds what could be read as fields of its own
   */
  async sign(fields: Readonly<Record<string, string | undefined>>, attempt: Attempt): Promise<V2Fields> {
    const { mchid, appid, signer, nonce } = this.#options;
    const unsigned = {
      ...present(fields as V2Fields),
      // Some endpoints have names of their own for them.
      ...(fields.mch_appid === undefined && fields.wxappid === undefined && { appid }),
      ...(fields.mchid === undefined && { mch_id: mchid }),
      nonce_str: nonce(),
      sign_type: signer.signType,
    };
    expectNoFieldsWithin(unsigned);
    return { ...unsigned, sign: await signatureOf(unsigned, signer, 'signing', attempt) };
  }

  /**
   * Verifies the signature of a reply in the way that was asked for.
   *
   * @throws {WxPaySignatureError} if the signature is missing or does not prove the origin
   */
  verify(reply: V2Fields, attempt: Attempt): Promise<void> {
    return verifyFields(reply, this.#options.signer, REPLY, attempt);
  }
}
