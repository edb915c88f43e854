import { channel } from 'node:diagnostics_channel';

/**
 * Names of the channels on `node:diagnostics_channel`. Without a subscriber nothing is computed. No event contains a body, a
 * key or a signature.
 *
 * @example
 * ```ts
 * subscribe(WXPAY_CHANNELS.replyVerified, (message) => {
 *   const { merchant, serialNo } = message as ReplyVerifiedEvent;
 * });
 * ```
 */
export const WXPAY_CHANNELS = {
  /** {@link ReplyVerifiedEvent} for each APIv3 reply and notification with a valid signature. */
  replyVerified: 'nestjs-wxpay:reply-verified',
  /** {@link CertificatesEvent} for each download of platform certificates. */
  certificates: 'nestjs-wxpay:certificates',
  /** {@link FieldsLeftOutEvent} for each verified order with a part that could not be decoded. */
  fieldsLeftOut: 'nestjs-wxpay:fields-left-out',
} as const;

/** The signature of a reply or notification was verified with the named key. */
export interface ReplyVerifiedEvent {
  /** The name under which the merchant is registered; the merchant number for a download of its certificates. */
  readonly merchant: string;
  /** For example `order.query`; `notification` for one that came by itself. */
  readonly operation: string;
  /** `PUB_KEY_ID_…` for the WeChat Pay public key, the serial number for a platform certificate. */
  readonly serialNo: string;
}

/** A download of platform certificates ended. */
export interface CertificatesEvent {
  /**
   * - `refreshed`: the list was downloaded and verified
   * - `stale`: it was not; the previous certificates stay in use and calls continue
   * - `failed`: it was not, and there are no previous certificates, so calls fail
   */
  readonly outcome: 'refreshed' | 'stale' | 'failed';
  readonly mchid: string;
  /** Serial numbers of the certificates in use, the newest first. */
  readonly serialNos: readonly string[];
  /** Cause of the failed download; safe to log. */
  readonly error?: Error;
}

/**
 * A verified order contains details in an undocumented form, for example a coupon without an amount. The order was decoded
 * without them; `Order.raw` contains them.
 */
export interface FieldsLeftOutEvent {
  /** The name under which the merchant is registered. */
  readonly merchant: string;
  /** For example `order.query`; `notification` for one that came by itself. */
  readonly operation: string;
  /** Merchant order number; for a combine order, its combine order number. */
  readonly outTradeNo: string;
  /** Sub-merchant number, if there is one: each sub-merchant numbers its own orders. */
  readonly subMchid?: string | undefined;
  /** JSON paths of the values that could not be decoded, such as `$.promotion_detail[0].amount`. */
  readonly paths: readonly string[];
}

/** Publish only `if (replyVerifiedChannel.hasSubscribers)`. */
export const replyVerifiedChannel = channel(WXPAY_CHANNELS.replyVerified);

/** Publish only `if (certificatesChannel.hasSubscribers)`. */
export const certificatesChannel = channel(WXPAY_CHANNELS.certificates);

/** Publish only `if (fieldsLeftOutChannel.hasSubscribers)`. */
export const fieldsLeftOutChannel = channel(WXPAY_CHANNELS.fieldsLeftOut);
