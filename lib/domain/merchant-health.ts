/** Findings of the calls of a merchant so far. No call is made for them. */
export interface WxPayMerchantHealth {
  /** Origin that calls begin on now, for example `https://api2.mch.weixin.qq.com`. */
  readonly host: string;
  /** True while the first of the merchant's hosts is unhealthy, so that calls begin on another. */
  readonly isOnBackupHost: boolean;
  /**
   * Latest expiry of the loaded platform certificates, which may be in the past. Over APIv2: expiry of the client certificate.
   * Absent if no certificate is known: with the WeChat Pay public key, which does not expire, with a .p12 file, or before the
   * first download.
   */
  readonly certificateExpiresAt?: Date;
  /**
   * WeChat Pay's clock minus this machine's in milliseconds, by the last verified reply, or by one that was refused because of
   * the difference. Up to about a second too low, because replies carry whole seconds. Calls fail from 300 000 on.
   * Absent before the first reply, and over APIv2.
   */
  readonly clockOffsetMs?: number;
}
