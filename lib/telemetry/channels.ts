import { channel } from 'node:diagnostics_channel';

/**
 * Names of the events on `node:diagnostics_channel`. Nothing is computed without a subscriber, and no
 * event holds a body, a key or a signature.
 *
 * @example
 * ```ts
 * subscribe(WXPAY_CHANNELS.replyVerified, (message) => {
 *   const { merchant, serialNo } = message as ReplyVerifiedEvent;
 * });
 * ```
 */
export const WXPAY_CHANNELS = {
  /** A {@link ReplyVerifiedEvent} for each reply and each notification of APIv3 whose signature was found genuine. */
  replyVerified: 'nestjs-wxpay:reply-verified',
  /** A {@link CertificatesEvent} for each download of platform certificates. */
  certificates: 'nestjs-wxpay:certificates',
  /** A {@link FieldsLeftOutEvent} for each verified order of which a part could not be read. */
  fieldsLeftOut: 'nestjs-wxpay:fields-left-out',
} as const;

/** WeChat Pay proved that a reply or a notification is its own, and with which key. */
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
   * - `refreshed`: the list was downloaded and believed
   * - `stale`: it was not; the certificates held before stay in use, so calls go on
   * - `failed`: it was not, and there are none, so calls fail
   */
  readonly outcome: 'refreshed' | 'stale' | 'failed';
  readonly mchid: string;
  /** Of the certificates in use, the newest first. */
  readonly serialNos: readonly string[];
  /** Why it failed; safe to log. */
  readonly error?: Error;
}

/**
 * A verified order holds details in a form that its documentation does not promise: a coupon without an amount, for example.
 * The order was read without them; `Order.raw` has them.
 */
export interface FieldsLeftOutEvent {
  /** The name under which the merchant is registered. */
  readonly merchant: string;
  /** For example `order.query`; `notification` for one that came by itself. */
  readonly operation: string;
  /** The merchant's number of the order; the number of the whole for a combine order. */
  readonly outTradeNo: string;
  /** The places of what could not be read, such as `$.promotion_detail[0].amount`. */
  readonly paths: readonly string[];
}

/** Publish only `if (replyVerifiedChannel.hasSubscribers)`. */
export const replyVerifiedChannel = channel(WXPAY_CHANNELS.replyVerified);

/** Publish only `if (certificatesChannel.hasSubscribers)`. */
export const certificatesChannel = channel(WXPAY_CHANNELS.certificates);

/** Publish only `if (fieldsLeftOutChannel.hasSubscribers)`. */
export const fieldsLeftOutChannel = channel(WXPAY_CHANNELS.fieldsLeftOut);
