import { parseXml, UnreadableXml } from '../../v2/xml.js';
import type { GatewayKeys } from '../keys/gateway-keys.js';
import type { MockCombineOrder } from '../orders/mock-combine-order.js';
import type { MockOrder, MockOrderRef } from '../orders/mock-order.js';
import type { MockRefund } from '../refunds/mock-refund.js';
import type { MockNotificationFault } from './notification-fault.js';
import type { MockNotificationOptions, MockNotificationReply } from './notification-options.js';
import { post, type Compose, type PostResult } from './notification-post.js';
import type { Stores } from '../orders/stores.js';
import { v2Notification } from './v2-notification.js';
import { v2RefundNotification } from './v2-refund-notification.js';
import { combineOrderJson } from '../v3/combine-order-json.js';
import { v3Notification } from './v3-notification.js';
import { orderJson } from '../v3/order-json.js';
import { fullRefundOf, refundNoticeJson } from '../v3/refund-json.js';
import { ReplySigner } from '../v3/reply-signer.js';
import { beijingTime } from '../orders/texts.js';

/** Order or refund of a notification; a string is the number of an order or of a combine order. */
export type MockNotifiedOrder =
  | MockOrderRef
  | { readonly combineOutTradeNo: string }
  | { readonly outRefundNo: string; readonly subMchid?: string | undefined };

/** Dependencies of {@link Notifier}. */
export interface NotifierParts {
  readonly stores: Stores;
  readonly keys: GatewayKeys;
  readonly now: () => number;
}

/** Sends notifications to apps, as WeChat Pay does. */
export class Notifier {
  readonly #stores: Stores;
  readonly #keys: GatewayKeys;
  readonly #now: () => number;
  readonly #replySigner: ReplySigner;

  constructor({ stores, keys, now }: NotifierParts) {
    this.#stores = stores;
    this.#keys = keys;
    this.#now = now;
    this.#replySigner = new ReplySigner({ platform: keys.platform, now, signErrors: true });
  }

  /**
   * Sends a notification. @throws {Error} if the order is unknown or unpaid, the URL has a query, or the options contradict
   * each other
   */
  async notify(
    order: MockNotifiedOrder,
    url: string,
    options: MockNotificationOptions,
  ): Promise<MockNotificationReply> {
    const { api = 'v3' } = options;
    if (/[?#]/.test(url)) throw notifyUrlHasQuery();
    const compose = api === 'v2' ? this.#overV2(order, options) : this.#overV3(order, options);
    const send = async (fault?: MockNotificationFault): Promise<MockNotificationReply> => {
      const result = await post(url, await compose(fault), options);
      return { ...assess(result, api), resend: send };
    };
    return send(options.fault === undefined ? undefined : options);
  }

  #overV2(ref: MockNotifiedOrder, { signType = 'HMAC-SHA256', eventType }: MockNotificationOptions): Compose {
    const { apiV2Key } = this.#keys.ring.merchant;
    if (eventType !== undefined) throw new Error('Notifications of APIv2 have no eventType. Leave it out.');
    if (isRefundRef(ref)) {
      const { refund, order } = this.#findRefund(ref);
      return v2RefundNotification(order, refund, apiV2Key);
    }
    const order = asPaid(this.#find(ref));
    if ('combineOutTradeNo' in order) throw new Error('APIv2 has no combine orders. Leave api out.');
    return v2Notification(order, { signType, apiV2Key });
  }

  #overV3(ref: MockNotifiedOrder, options: MockNotificationOptions): Compose {
    const { serialNo } = options;
    const { platform, ring } = this.#keys;
    if (serialNo !== undefined && !platform.has(serialNo)) {
      throw new Error(`There is no platform key "${serialNo}" in service.`);
    }
    const { eventType, resource } = this.#event(ref, options);
    const createdAt = beijingTime(new Date(this.#now()));
    const summary = eventType.startsWith('REFUND.') ? '退款成功' : '支付成功';
    const { apiV3Key } = ring.merchant;
    return v3Notification(
      { eventType, summary, resource, createdAt },
      { replySigner: this.#replySigner, apiV3Key, serialNo },
    );
  }

  #event(
    ref: MockNotifiedOrder,
    { eventType, resource }: MockNotificationOptions,
  ): { readonly eventType: string; readonly resource: object } {
    if (isRefundRef(ref)) {
      const { refund, order } = this.#findRefund(ref);
      return {
        eventType: eventType ?? `REFUND.${refund.status}`,
        resource: resource ?? refundNoticeJson(order.mchid, refund),
      };
    }
    const order = asPaid(this.#find(ref));
    const type = eventType ?? 'TRANSACTION.SUCCESS';
    return { eventType: type, resource: resource ?? this.#resource(order, type) };
  }

  #resource(order: MockOrder | MockCombineOrder, eventType: string): object {
    const [, refundStatus] = /^REFUND\.(\w+)$/.exec(eventType) ?? [];
    if (refundStatus === undefined) {
      return 'combineOutTradeNo' in order ? combineOrderJson(order) : orderJson(order);
    }
    if ('combineOutTradeNo' in order) {
      throw new Error('Combine orders are refunded part by part. Say which in resource.');
    }
    return refundNoticeJson(order.mchid, fullRefundOf(order, refundStatus, new Date(this.#now())));
  }

  #findRefund(ref: RefundRef): { readonly refund: MockRefund; readonly order: MockOrder } {
    const { refunds } = this.#stores;
    const refund = refunds.get(ref);
    if (refund === undefined) {
      throw new Error(`There is no refund "${ref.outRefundNo}" to notify of. Ask for it first.`);
    }
    if (refund.status === 'PROCESSING') {
      throw new Error(
        `Refund "${ref.outRefundNo}" has not ended: WeChat Pay notifies of its end only. Settle it first.`,
      );
    }
    const order = refunds.orderOf(refund);
    if (order === undefined) throw new Error(`Refund "${ref.outRefundNo}" has no order.`);
    return { refund, order };
  }

  #find(ref: Exclude<MockNotifiedOrder, RefundRef>): MockOrder | MockCombineOrder {
    const { orders, combineOrders } = this.#stores;
    const isCombine = typeof ref === 'object' && 'combineOutTradeNo' in ref;
    const combineNo = isCombine ? ref.combineOutTradeNo : typeof ref === 'string' ? ref : '';
    const order = (isCombine ? undefined : orders.get(ref)) ?? combineOrders.get(combineNo);
    if (order !== undefined) return order;
    const number = isCombine || typeof ref === 'string' ? combineNo : ref.outTradeNo;
    throw new Error(`There is no order "${number}" to notify of. Place it first.`);
  }
}

type RefundRef = Extract<MockNotifiedOrder, { readonly outRefundNo: string }>;

function isRefundRef(ref: MockNotifiedOrder): ref is RefundRef {
  return typeof ref === 'object' && 'outRefundNo' in ref;
}

/** Returns the order as it was when its payment was announced. @throws {Error} if it was never paid */
function asPaid(order: MockOrder | MockCombineOrder): MockOrder | MockCombineOrder {
  if ('combineOutTradeNo' in order) {
    if (order.combineTransactionId === undefined) throw orderNotPaid(order.combineOutTradeNo);
    return { ...order, subOrders: order.subOrders.map((part) => ({ ...part, tradeState: 'SUCCESS' })) };
  }
  if (order.transactionId === undefined) throw orderNotPaid(order.outTradeNo);
  return { ...order, tradeState: 'SUCCESS' };
}

/** The error does not quote the URL, because its query may contain a secret. */
function notifyUrlHasQuery(): Error {
  return new Error(
    'WeChat Pay notifies no URL with a query or a fragment: it refuses the notify_url of such an order. Put what the app needs into the path, or into attach.',
  );
}

function orderNotPaid(number: string): Error {
  return new Error(`Order "${number}" is not paid: WeChat Pay notifies of payments only. Pay it first.`);
}

/** Evaluates the app's answer: accepted, or to be sent again. */
function assess(result: PostResult, api: 'v3' | 'v2'): Omit<MockNotificationReply, 'resend'> {
  if (result.status === undefined) return { ...result, body: '', accepted: false };
  const problem = api === 'v2' ? problemOfV2(result) : problemOfV3(result);
  return { ...result, accepted: problem === undefined, ...(problem === undefined ? {} : { problem }) };
}

function problemOfV3({ status }: AppAnswer): string | undefined {
  return status === 200 || status === 204 ? undefined : `The app answered ${status}, not 200 or 204.`;
}

function problemOfV2({ status, body }: AppAnswer): string | undefined {
  if (status !== 200) return `The app answered ${status}, not 200.`;
  try {
    const { return_code: code } = parseXml(Buffer.from(body));
    return code === 'SUCCESS' ? undefined : `The app answered return_code ${code}, not SUCCESS.`;
  } catch (error) {
    if (error instanceof UnreadableXml) return `The app's answer is no message of APIv2: ${error.message}.`;
    throw error;
  }
}

type AppAnswer = Extract<PostResult, { readonly status: number }>;
