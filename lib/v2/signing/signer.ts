/**
 * Signs the requests of APIv2, and proves its replies: both sides hold the same key. Extend it where the key lives
 * elsewhere, and pass it as `signer`.
 *
 * It is asked twice for each attempt, for the request and for the reply; both count in the deadline of the call.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011985891
 */
export abstract class WxPayV2Signer {
  /** What requests announce as `sign_type`. A reply that is signed in another way is refused. */
  abstract readonly signType: 'MD5' | 'HMAC-SHA256';
  /**
   * Signs fields; leaves out `sign` itself and every empty value, see {@link canonical}.
   *
   * @returns the signature in upper-case hexadecimal
   */
  abstract sign(fields: Readonly<Record<string, string>>): Promise<string>;
  /**
   * Tells if another signer holds the same key, so that two registrations may have one merchant number. Without it, a signer
   * is the same as itself only.
   */
  isSameAs?(other: WxPayV2Signer): boolean;
}
