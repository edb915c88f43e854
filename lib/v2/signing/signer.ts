/**
 * Signs the requests of APIv2 and verifies its replies: both sides hold the same key. Extend it if the key is stored
 * elsewhere, and pass it as `signer`.
 *
 * Each attempt calls it twice, for the request and for the reply; both count in the deadline of the call.
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
}
