/**
 * Signs the requests of APIv2 and verifies its replies: both sides hold the same key. Extend it if the key is stored
 * elsewhere, and pass it as `signer`.
 *
 * Each attempt calls it for the request and, unless the endpoint does not sign its replies or sends a file, for the reply; both
 * count in the deadline of the call. It is also called for the parameters with which the payer's client pays, and for each
 * notification.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011985891
 */
export abstract class WxPayV2Signer {
  /** Value of `sign_type` in requests. A reply with another type of signature is refused. */
  abstract readonly signType: 'MD5' | 'HMAC-SHA256';
  /**
   * Signs fields, except `sign` itself and empty values; see {@link canonical}.
   *
   * @returns the signature in upper-case hexadecimal
   */
  abstract sign(fields: Readonly<Record<string, string>>): Promise<string>;
  /**
   * Tells whether another signer holds the same key, so that two registrations may have one merchant number. Without this
   * method, a signer only equals itself.
   */
  isSameAs?(other: WxPayV2Signer): boolean;
  /**
   * Decrypts the content of a refund notification with the APIv2 key: AES-256-ECB with PKCS#7 padding; the key is the MD5 of the
   * APIv2 key in lower-case hexadecimal, 32 characters. Without this method, refund notifications are refused.
   *
   * @param encrypted the field `req_info`, in base64
   * @returns the XML that it contains
   * @throws {WxPaySignatureError} `mismatch` if the key does not decrypt it
   * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_16
   */
  decryptRefundNotice?(encrypted: string): Promise<string>;
}
