/** A signature to verify, with the message that it covers. */
export interface VerifyInput {
  /** The signed message; bytes as received, never re-encoded. */
  readonly message: string | Uint8Array;
  /** In base64. */
  readonly signature: string;
  /** The identifier of the key, from `Wechatpay-Serial`. */
  readonly serialNo: string;
  /**
   * To be called before anything is fetched for an unknown serial number. Present for notifications, which anyone can send;
   * returns false when all merchants together have fetched enough: reject with a `WxPayTransportError` then.
   */
  readonly maySeek?: () => boolean;
  readonly signal?: AbortSignal;
}

/** Proves that a reply comes from WeChat Pay. Extend it where keys live elsewhere, and pass it as `verifier`. */
export abstract class WxPayVerifier {
  /** The identifier of the key with which WeChat Pay is asked to sign, sent as `Wechatpay-Serial`. */
  abstract acceptedSerialNo(options?: { readonly signal?: AbortSignal }): Promise<string | undefined>;
  /**
   * Checks one signature.
   *
   * @returns false if the signature does not match
   * @throws {WxPaySignatureError} `unknown-serial` when the serial number is not one of its own
   */
  abstract verify(input: VerifyInput): Promise<boolean>;
  /**
   * Tells if another verifier holds the same keys, so that two registrations may have one merchant number. Without it, a
   * verifier is the same as itself only.
   */
  isSameAs?(other: WxPayVerifier): boolean;
}
