import type { WxPaySignatureFault } from '../errors/wxpay-signature-error.js';

/** The signature of a reply or notification was verified with the named key. */
export interface ReplyVerifiedEvent {
  /** The name under which the merchant is registered; the merchant number for a download of its certificates. */
  readonly merchant: string;
  /** For example `order.query`; `notification` for a notification. */
  readonly operation: string;
  /** `PUB_KEY_ID_…` for the WeChat Pay public key, the serial number for a platform certificate. */
  readonly serialNo: string;
  /**
   * WeChat Pay's clock minus this machine's, in milliseconds, rounding to seconds and the time on the network included. At most
   * 300 000 either way; beyond, the message could not be verified.
   */
  readonly clockOffsetMs: number;
}

/** A reply or notification could not be verified. */
export interface VerificationFailureEvent {
  /** The name under which the merchant is registered; the merchant number for a download of its certificates. */
  readonly merchant: string;
  /** For example `order.query`; `notification` for a notification, which anyone can send. */
  readonly operation: string;
  /** WeChat Pay sends a `probe` now and then to test its clients: no reason to worry. */
  readonly reason: WxPaySignatureFault;
  /**
   * WeChat Pay's clock minus this machine's in milliseconds, if the reason is `stale` because of the difference. Rely on it for
   * a reply only: a notification that could not be verified may have any date.
   */
  readonly clockOffsetMs?: number | undefined;
}

/**
 * A host of WeChat Pay became unhealthy, or healthy again. Merchants that reach it directly, or through the same `HttpService` or
 * agent, share its health; a merchant of APIv2 with a client certificate has its own. Each `PlatformCertificateVerifier` has its
 * own, too, and reports it here.
 */
export interface HostEvent {
  /** Origin, for example `https://api.mch.weixin.qq.com`. */
  readonly host: string;
  /** `unhealthy`: it failed repeatedly, so calls prefer the others; `healthy`: it replied again. */
  readonly state: 'healthy' | 'unhealthy';
}

/** A route with `@VerifyNotification()` answered a notification. */
export interface NotificationEvent {
  /** The name under which the merchant is registered; absent if no merchant was found for the request. */
  readonly merchant?: string | undefined;
  /** For example `TRANSACTION.SUCCESS`; absent if the notification could not be verified. */
  readonly eventType?: string | undefined;
  /**
   * - `accepted`: WeChat Pay does not send it again
   * - `unverified`: it could not be verified or read, so the handler did not run
   * - `failed`: it was verified, but the handler or the app around it failed; WeChat Pay sends it again
   */
  readonly outcome: 'accepted' | 'unverified' | 'failed';
  /** HTTP status of the answer. */
  readonly status: number;
}

/**
 * Outcome of one settlement attempt, including `too-young` and `unresolved`: by `settle`, by a sweep, or by the tracker of
 * `nestjs-wxpay/bullmq`. An order whose settlement is repeated has several events.
 */
export interface SettlementEvent {
  /** The name under which the merchant is registered. */
  readonly merchant: string;
  /** Merchant order number. */
  readonly outTradeNo: string;
  /** Sub-merchant number, if there is one: each sub-merchant numbers its own orders. */
  readonly subMchid?: string | undefined;
  /** The `outcome` of the `Settlement`. */
  readonly outcome: SettlementOutcome;
  /** Time from the expiry of the order to its settlement in milliseconds, if it was settled after a known expiry. */
  readonly latenessMs?: number | undefined;
}

/** The values of `Settlement['outcome']`. */
export type SettlementOutcome =
  'paid' | 'closed' | 'not-found' | 'reverse-required' | 'too-young' | 'unresolved';

/**
 * A job of `nestjs-wxpay/bullmq` was completed by something else, such as a worker of another app on the same queue, before the
 * outcome of its order was delivered. The job was put back into the queue.
 */
export interface LostCompletionEvent {
  /** The name under which the merchant is registered. */
  readonly merchant: string;
  /** Identifier of the job; it contains the number of the order or refund. */
  readonly jobId: string;
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
  /** Time at which the last certificate of the list expires, or expired; absent if there is no list yet. */
  readonly expiresAt?: Date | undefined;
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
  /** For example `order.query`; `notification` for a notification. */
  readonly operation: string;
  /** Merchant order number; for a combine order, its combine order number. */
  readonly outTradeNo: string;
  /** Sub-merchant number, if there is one: each sub-merchant numbers its own orders. */
  readonly subMchid?: string | undefined;
  /** JSON paths of the values that could not be decoded, such as `$.promotion_detail[0].amount`. */
  readonly paths: readonly string[];
}
