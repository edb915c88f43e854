/** Signature to verify, with the message that it covers. */
export interface VerifyInput {
  /** Signed message. Bytes are passed as received, never re-encoded. */
  readonly message: string | Uint8Array;
  /** Signature in base64. */
  readonly signature: string;
  /** Identifier of the key, from the header `Wechatpay-Serial`. */
  readonly serialNo: string;
  /**
   * Asks for permission to fetch a key for an unknown serial number. Present for notifications only, because anyone can send
   * one. If it returns false, the budget shared by all merchants is used up: reject with a `WxPayTransportError`.
   */
  readonly maySeek?: () => boolean;
  readonly signal?: AbortSignal;
}

/**
 * Verifies that a reply or notification comes from WeChat Pay. Extend it if the keys are stored elsewhere, and pass it as
 * `verifier`.
 */
export abstract class WxPayVerifier {
  /** Returns the identifier of the key that WeChat Pay shall sign replies with, sent as `Wechatpay-Serial`. */
  abstract acceptedSerialNo(options?: { readonly signal?: AbortSignal }): Promise<string | undefined>;
  /**
   * Checks one signature.
   *
   * @returns false if the signature does not match
   * @throws {WxPaySignatureError} `unknown-serial` if the verifier has no key with that serial number
   */
  abstract verify(input: VerifyInput): Promise<boolean>;
  /**
   * Returns true if another verifier holds the same keys, so that two registrations may share a merchant number. Without this
   * method a verifier equals only itself.
   */
  isSameAs?(other: WxPayVerifier): boolean;
}
