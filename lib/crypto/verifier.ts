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
  readonly maySeek?: (() => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Key to look for in a verifier. */
export interface KeyQuery {
  /** Identifier of the key, exactly as in the header `Wechatpay-Serial`. */
  readonly serialNo: string;
  readonly signal?: AbortSignal | undefined;
}

/** Text to encrypt for WeChat Pay. */
export interface EncryptInput {
  /** UTF-8, at most 214 bytes with a key of 2048 bits. */
  readonly text: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Verifies that a reply or notification comes from WeChat Pay. Extend it if the keys are stored elsewhere, and pass it as
 * `verifier`.
 */
export abstract class WxPayVerifier {
  /** Returns the identifier of the key that WeChat Pay shall sign replies with, sent as `Wechatpay-Serial`. */
  abstract acceptedSerialNo(options?: {
    readonly signal?: AbortSignal | undefined;
  }): Promise<string | undefined>;
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
  /**
   * Encrypts a sensitive field of a request with one of the keys: RSAES-OAEP with SHA-1 and MGF1 with SHA-1. Without this
   * method `WxPayClient.encrypt` rejects.
   *
   * @returns base64, and the identifier of the key
   * @throws {WxPayInputError} naming `text`, if it is too long for the key
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053257
   */
  encrypt?(input: EncryptInput): Promise<{ readonly ciphertext: string; readonly serialNo: string }>;
  /**
   * Returns true if the verifier has this key and would verify replies with it. Without this method it has only the key that
   * `acceptedSerialNo` returns.
   */
  hasKey?(query: KeyQuery): Promise<boolean>;
  /**
   * Returns the time from which no key that is held can be used any more, so that health checks can warn; undefined if one of
   * them does not end, or none is held.
   */
  expiresAt?(): Date | undefined;
}
