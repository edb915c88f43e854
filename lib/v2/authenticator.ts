import type { Attempt } from '../transport/retry/attempt.js';
import { expectNoFieldsWithin } from './field-boundaries.js';
import { withoutUndefined } from './fields.js';
import { signatureOf, verifyFields, type FieldsWording } from './signing/signed-fields.js';
import type { WxPayV2Signer } from './signing/signer.js';
import type { V2Fields } from './xml.js';

export interface V2AuthenticatorOptions {
  readonly mchid: string;
  readonly appid: string;
  readonly signer: WxPayV2Signer;
  /** Returns a fresh, unpredictable string of at most 32 characters. */
  readonly nonce: () => string;
}

const REPLY: FieldsWording = {
  nameOf: ({ operation, subject }) => `The reply to ${operation} of ${subject}`,
  afterMissing: ({ operation }) =>
    operation === 'request'
      ? 'Check which server replies at this host. If WeChat Pay signs no reply of this endpoint, pass unsignedReply: true'
      : 'Check which server replies at this host',
  afterMismatch: 'no proxy changes replies',
};

/** Signs requests to WeChat Pay and verifies its replies, with a key that both sides hold. */
export class V2Authenticator {
  readonly #options: V2AuthenticatorOptions;

  constructor(options: V2AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * Adds the fields of every request: merchant and app, a fresh nonce for each attempt, and the signature over all fields.
   *
   * @param fields undefined for a field to leave out
   * @throws {WxPayInputError} if a value contains text that could be read as separate fields
   */
  async sign(fields: Readonly<Record<string, string | undefined>>, attempt: Attempt): Promise<V2Fields> {
    const { mchid, appid, signer, nonce } = this.#options;
    const unsigned = {
      ...withoutUndefined(fields as V2Fields),
      // Some endpoints have other names for these fields.
      ...(fields.mch_appid === undefined && fields.wxappid === undefined && { appid: fields.appid ?? appid }),
      ...(fields.mchid === undefined && { mch_id: mchid }),
      nonce_str: nonce(),
      sign_type: signer.signType,
    };
    expectNoFieldsWithin(unsigned);
    return { ...unsigned, sign: await signatureOf(unsigned, signer, 'signing', attempt) };
  }

  /**
   * Verifies the signature of a reply, which must be made with the `sign_type` of the request.
   *
   * @throws {WxPaySignatureError} if the signature is missing or could not be verified
   */
  verify(reply: V2Fields, attempt: Attempt): Promise<void> {
    return verifyFields(reply, this.#options.signer, REPLY, attempt);
  }
}
