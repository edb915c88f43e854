/**
 * Signs requests with the merchant's private key. Extend it to sign in a KMS or an HSM, and pass it as `signer`.
 *
 * Called once per attempt, and once for the parameters with which the payer's client pays. The time it takes counts against the
 * deadline of the call.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012365342
 */
export abstract class WxPaySigner {
  /** Authentication scheme at the start of the `Authorization` header. */
  abstract readonly algorithm: 'WECHATPAY2-SHA256-RSA2048' | (string & {});
  /** Serial number of the merchant API certificate that belongs to the key: 40 hexadecimal characters. */
  abstract readonly serialNo: string;
  /**
   * True if signatures are computed in this process. `signingConcurrency` then limits them, because the thread pool also
   * serves the app's files and DNS. Default false, for a key service, which applies its own limits.
   */
  readonly isLocal: boolean = false;
  /**
   * Signs the UTF-8 bytes of `message`.
   *
   * @param input `signal` is aborted when the call ends early; pass it on to your own requests
   * @returns the signature in base64
   */
  abstract sign(input: {
    readonly message: string;
    readonly signal?: AbortSignal | undefined;
  }): Promise<string>;
  /**
   * Returns true if another signer holds the same private key, so that two registrations may share a merchant number. Two signers
   * without this method are compared by their serial numbers.
   */
  isSameAs?(other: WxPaySigner): boolean;
  /**
   * Decrypts a sensitive field of a reply: RSAES-OAEP with SHA-1 and MGF1 with SHA-1, with the key that signs. Without this
   * method `WxPayClient.decrypt` rejects.
   *
   * @param input `ciphertext` is base64; `signal` is aborted when the call ends early
   * @returns the text
   * @throws {WxPayInputError} naming `ciphertext`, if it cannot be decrypted with this key
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053257
   */
  decrypt?(input: {
    readonly ciphertext: string;
    readonly signal?: AbortSignal | undefined;
  }): Promise<string>;
}
