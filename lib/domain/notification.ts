import type { CombineOrder } from './combine-order.js';
import type { Order } from './order.js';

/**
 * A notification (回调通知) of WeChat Pay: verified, decrypted, and addressed to the merchant that read it. `originalType` says
 * what `resource` is: check it before you use the order, events of other kinds may come.
 *
 * The same one comes again until it is answered, and may come again after that: the key to apply a payment once is
 * {@link orderKey} of `merchant` and the order, not `id`.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791861
 */
export type WxPayNotification = TransactionNotification | OtherNotification;

/** A notification of an order: of a payment, or over APIv2 of one that failed. */
export interface TransactionNotification extends NotificationHead {
  readonly originalType: 'transaction';
  /** Check its `tradeState`, too: it is `PAYERROR` when APIv2 tells that paying failed. */
  readonly resource: Order | CombineOrder;
}

/** A notification of something else: a refund, a contract, a payment of another product. */
export interface OtherNotification extends NotificationHead {
  /**
   * As WeChat Pay names it, `refund` for example; `other-transaction` for a payment of another product (parking, education),
   * which WeChat Pay names `transaction`, too: its number is not that of an order.
   */
  readonly originalType: OtherOriginalType;
  /** The JSON as received, in objects without a prototype. */
  readonly resource: unknown;
}

/**
 * Any name but `transaction`. A plain `string` would keep TypeScript from telling an order by `originalType`; none of WeChat
 * Pay's other names begins with the same letter.
 */
export type OtherOriginalType = `${
  | ('a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' | 'i' | 'j' | 'k' | 'l' | 'm')
  | ('n' | 'o' | 'p' | 'q' | 'r' | 's' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z')}${string}`;

/** What every notification has. */
export interface NotificationHead {
  /**
   * The name under which the merchant is registered that it came to. An `outTradeNo` is unique within one merchant, and
   * within one sub-merchant, only: look for the order by {@link orderKey}.
   */
  readonly merchant: string;
  /** Of the notification; over APIv2, which has none, WeChat's order number. */
  readonly id: string;
  /** `TRANSACTION.SUCCESS` for a payment, `REFUND.SUCCESS` for a refund, and so on. */
  readonly eventType: string;
  /** When WeChat Pay made it; over APIv2 the time of the payment. */
  readonly createdAt: Date;
}

/** An HTTP request that claims to be a notification, as it arrived. */
export interface ReceivedNotification {
  /** As Node has them; case does not matter. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as received; JSON that was parsed and written again is not what was signed. */
  readonly body: Uint8Array;
}

/** An HTTP request that claims to be a notification, in the forms that servers and functions of a cloud have it. */
export interface IncomingNotification {
  /** An object as Node has it, `Headers` of the Fetch API or a `Map`; case does not matter. */
  readonly headers:
    | Readonly<Record<string, string | readonly string[] | undefined>>
    | Iterable<readonly [string, string | readonly string[]]>;
  /**
   * The bytes as received; a text is read as UTF-8. Decode base64 before, and pass no JSON that was parsed: written again,
   * it is not what was signed.
   */
  readonly body: Uint8Array | string;
}
