import type { CombineOrder } from './combine-order.js';
import type { Order } from './order.js';
import type { Refund } from './refunds/refund.js';

/**
 * Notification (回调通知) of WeChat Pay: verified, decrypted, and addressed to the merchant that read it. `originalType` is the
 * type of `resource`: check it before you use the order, because notifications of other types may arrive.
 *
 * WeChat Pay sends a notification again until the app accepts it, and may send it again after that. To apply a payment once,
 * use {@link orderKey} of `merchant` and the order as the key, not `id`.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791861
 */
export type WxPayNotification = TransactionNotification | RefundNotification | OtherNotification;

/** Notification of a payment, or over APIv2 of a failed payment. */
export interface TransactionNotification extends NotificationHead {
  readonly originalType: 'transaction';
  /** The order. Check its `tradeState`, too: it is `PAYERROR` if APIv2 reports a failed payment. */
  readonly resource: Order | CombineOrder;
}

/**
 * Notification of a refund (退款结果通知) that has ended, with status `SUCCESS`, `ABNORMAL` or `CLOSED`.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791865
 */
export interface RefundNotification extends NotificationHead {
  readonly originalType: 'refund';
  readonly resource: Refund;
  /**
   * False over APIv2, which encrypts these notifications, but does not sign them: an attacker may repeat old ones, combine
   * parts of them, or change `resource.subMchid`, which is not encrypted. Query the refund before you rely on it.
   */
  readonly signed: boolean;
}

/** Notification of another event: a contract, a payment of another product. */
export interface OtherNotification extends NotificationHead {
  /**
   * The type as WeChat Pay names it, for example `profitsharing`. It is `other-transaction` for a payment of another product
   * (parking, education), which WeChat Pay names `transaction`, too: the number of such a payment identifies no order. In the
   * same way, `other-refund` is a `refund` that names no refund of an order. It is `other` if WeChat Pay names no type and
   * `eventType` is that of neither a payment nor a refund.
   */
  readonly originalType: OtherOriginalType;
  /** The JSON as received, in objects without a prototype. */
  readonly resource: unknown;
}

/**
 * Any name except `transaction` and `refund`. With a plain `string`, TypeScript could not narrow the type by `originalType`. So
 * it lists the names in small letters that begin otherwise than with `tr` or `ref`, and `transfer…`. Another name arrives as it
 * is, too, but `case` cannot name it.
 */
export type OtherOriginalType =
  | `${
      | ('a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' | 'i' | 'j' | 'k' | 'l' | 'm')
      | ('n' | 'o' | 'p' | 'q' | 's' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z')}${string}`
  | `t${
      | ('a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' | 'i' | 'j' | 'k' | 'l' | 'm')
      | ('n' | 'o' | 'p' | 'q' | 's' | 't' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z')}${string}`
  | `r${
      | ('a' | 'b' | 'c' | 'd' | 'f' | 'g' | 'h' | 'i' | 'j' | 'k' | 'l' | 'm')
      | ('n' | 'o' | 'p' | 'q' | 'r' | 's' | 't' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z')}${string}`
  | `re${
      | ('a' | 'b' | 'c' | 'd' | 'e' | 'g' | 'h' | 'i' | 'j' | 'k' | 'l' | 'm')
      | ('n' | 'o' | 'p' | 'q' | 'r' | 's' | 't' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z')}${string}`
  | `transfer${string}`;

/** Members that all notifications have. */
export interface NotificationHead {
  /**
   * The registered name of the merchant that received the notification. An `outTradeNo` is unique only within one merchant or
   * sub-merchant: look up the order by {@link orderKey}.
   */
  readonly merchant: string;
  /** Identifier of the notification. APIv2 has none: there it is WeChat's number of the order or the refund. */
  readonly id: string;
  /** `TRANSACTION.SUCCESS` for a payment, `REFUND.SUCCESS` for a refund, and so on. */
  readonly eventType: string;
  /** Time at which WeChat Pay created the notification; over APIv2, the time of the payment or the refund. */
  readonly createdAt: Date;
}

/** Unverified HTTP request with a notification, as received. */
export interface ReceivedNotification {
  /** Headers in the form of Node; their names are case-insensitive. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as received. The signature does not match JSON that was parsed and serialised again. */
  readonly body: Uint8Array;
}

/** Unverified HTTP request with a notification, in the forms that servers and cloud functions provide. */
export interface IncomingNotification {
  /** An object in the form of Node, `Headers` of the Fetch API or a `Map`; header names are case-insensitive. */
  readonly headers:
    | Readonly<Record<string, string | readonly string[] | undefined>>
    | Iterable<readonly [string, string | readonly string[]]>;
  /**
   * The bytes as received; a string is encoded as UTF-8. Decode base64 first. Do not pass JSON that was parsed and serialised
   * again: the signature does not match it.
   */
  readonly body: Uint8Array | string;
}
