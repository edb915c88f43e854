import { channel } from 'node:diagnostics_channel';

/**
 * Names of the plain channels on `node:diagnostics_channel`. Without a subscriber nothing is computed. No event contains a
 * body, a key, a signature or an openid.
 *
 * @example
 * ```ts
 * subscribe(WXPAY_CHANNELS.replyVerified, (message) => {
 *   const { merchant, serialNo } = message as ReplyVerifiedEvent;
 * });
 * ```
 */
export const WXPAY_CHANNELS = {
  /** {@link AttemptEvent} for each attempt of a call. */
  attempt: 'nestjs-wxpay:attempt',
  /** {@link HostEvent} for each host that becomes unhealthy, or healthy again. */
  host: 'nestjs-wxpay:host',
  /** {@link ReplyVerifiedEvent} for each APIv3 reply and notification with a valid signature. */
  replyVerified: 'nestjs-wxpay:reply-verified',
  /** {@link VerificationFailureEvent} for each reply and notification that could not be verified. */
  verificationFailure: 'nestjs-wxpay:verification-failure',
  /** {@link NotificationEvent} for each answer of a route with `@VerifyNotification()`. */
  notification: 'nestjs-wxpay:notification',
  /** {@link SettlementEvent} for each settlement of an order. */
  settlement: 'nestjs-wxpay:settlement',
  /** {@link LostCompletionEvent} for each job of `nestjs-wxpay/bullmq` that something else completed. */
  lostCompletion: 'nestjs-wxpay:lost-completion',
  /** {@link CertificatesEvent} for each download of platform certificates. */
  certificates: 'nestjs-wxpay:certificates',
  /** {@link FieldsLeftOutEvent} for each verified order with a part that could not be decoded. */
  fieldsLeftOut: 'nestjs-wxpay:fields-left-out',
} as const;

/**
 * Publish only `if (attemptChannel.hasSubscribers)`; the same holds for each channel below. `nestjs-wxpay/bullmq`, which sees
 * no more of this folder than an app does, opens its own channel `lostCompletion` by the name.
 */
export const attemptChannel = channel(WXPAY_CHANNELS.attempt);
export const hostChannel = channel(WXPAY_CHANNELS.host);
export const replyVerifiedChannel = channel(WXPAY_CHANNELS.replyVerified);
export const verificationFailureChannel = channel(WXPAY_CHANNELS.verificationFailure);
export const notificationChannel = channel(WXPAY_CHANNELS.notification);
export const settlementChannel = channel(WXPAY_CHANNELS.settlement);
export const certificatesChannel = channel(WXPAY_CHANNELS.certificates);
export const fieldsLeftOutChannel = channel(WXPAY_CHANNELS.fieldsLeftOut);
