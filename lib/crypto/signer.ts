/**
 * Signs requests with the merchant's private key. Extend it to sign in a KMS or an HSM, and pass it as `signer`.
 *
 * Signing happens once for each attempt and counts in the deadline of the call.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012365342
 */
export abstract class WxPaySigner {
  /** The scheme that stands first in the `Authorization` header. */
  abstract readonly algorithm: 'WECHATPAY2-SHA256-RSA2048' | (string & {});
  /** The serial number of the merchant API certificate that belongs to the key: 40 hexadecimal characters. */
  abstract readonly serialNo: string;
  /**
   * True if signatures are computed in this process: then `signingConcurrency` bounds them, as the thread pool serves the
   * app's files and DNS, too. Default false, for a key service.
   */
  readonly isLocal: boolean = false;
  /**
   * Signs the UTF-8 bytes of `message`.
   *
   * @param input `signal` is aborted when the call is given up; pass it on to what you wait for
   * @returns the signature in base64
   */
  abstract sign(input: { readonly message: string; readonly signal?: AbortSignal }): Promise<string>;
}
