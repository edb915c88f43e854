import type { MockNotificationFault } from './notification-fault.js';

/** How a notification is sent; every option has a default. */
export type MockNotificationOptions = MockNotificationTerms & (MockNotificationFault | NoFault);

export interface MockNotificationTerms {
  /** Default `v3`. */
  readonly api?: 'v3' | 'v2' | undefined;
  /** Of APIv3: what happened; default `TRANSACTION.SUCCESS`. `REFUND.SUCCESS` tells a refund in full. */
  readonly eventType?: string | undefined;
  /** Of APIv3: what is told in encrypted form; default: the order, or its refund. */
  readonly resource?: object | undefined;
  /** Of APIv3: the platform key that signs, by its identifier; default: as for clients that name none. */
  readonly serialNo?: string | undefined;
  /** Of APIv2: how it is signed; default `HMAC-SHA256`. */
  readonly signType?: 'HMAC-SHA256' | 'MD5' | undefined;
  /** The certificate of an app that serves HTTPS, or of who issued it, in PEM. */
  readonly ca?: string | undefined;
  /** How long the app may take, in milliseconds; default 5000, as WeChat Pay waits. */
  readonly timeoutMs?: number | undefined;
}

/** Nothing is wrong with it. */
export interface NoFault {
  readonly fault?: undefined;
}

/** What the app made of a notification. */
export interface MockNotificationReply {
  /** The HTTP status; absent if there was no answer. */
  readonly status?: number;
  /** What it said, as text. */
  readonly body: string;
  /** Whether WeChat Pay would leave it at that, or else send the notification again. */
  readonly accepted: boolean;
  /** Why it would be sent again. */
  readonly problem?: string;
  /** Sends the same notification again, signed afresh; without a fault unless one is given. */
  resend(fault?: MockNotificationFault): Promise<MockNotificationReply>;
}
