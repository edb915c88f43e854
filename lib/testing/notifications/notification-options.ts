import type { MockNotificationFault } from './notification-fault.js';

/** Options of a notification; each has a default. */
export type MockNotificationOptions = MockNotificationTerms & (MockNotificationFault | NoFault);

export interface MockNotificationTerms {
  /** Default `v3`. */
  readonly api?: 'v3' | 'v2' | undefined;
  /** Event type, APIv3 only; default `TRANSACTION.SUCCESS`. `REFUND.SUCCESS` announces a full refund. */
  readonly eventType?: string | undefined;
  /** Content of the encrypted resource, APIv3 only; default: the order, or its refund. */
  readonly resource?: object | undefined;
  /** Identifier of the platform key that signs, APIv3 only; default: the same as for clients that name none. */
  readonly serialNo?: string | undefined;
  /** Signature algorithm, APIv2 only; default `HMAC-SHA256`. */
  readonly signType?: 'HMAC-SHA256' | 'MD5' | undefined;
  /** Certificate of an app that serves HTTPS, or of its issuer, in PEM. */
  readonly ca?: string | undefined;
  /** Timeout for the app's answer, in milliseconds; default 5000, as in WeChat Pay. */
  readonly timeoutMs?: number | undefined;
}

/** No fault. */
export interface NoFault {
  readonly fault?: undefined;
}

/** Result of a notification. */
export interface MockNotificationReply {
  /** HTTP status; absent if the app did not answer. */
  readonly status?: number;
  /** Body of the app's answer. */
  readonly body: string;
  /** True if WeChat Pay would accept the answer; otherwise it would send the notification again. */
  readonly accepted: boolean;
  /** Reason for which WeChat Pay would send it again. */
  readonly problem?: string;
  /** Sends the same notification again with a new signature; without a fault unless one is given. */
  resend(fault?: MockNotificationFault): Promise<MockNotificationReply>;
}
