import { inspect } from 'node:util';
import { WxPayClient } from '../client/wxpay-client.js';
import { expectWired } from '../domain/expect-wired.js';
import type { IncomingNotification, WxPayNotification } from '../domain/notification.js';
import { redact } from '../errors/redact.js';
import { CombineOrderService } from '../orders/combine-order.service.js';
import { OrderCloseService } from '../orders/order-close.service.js';
import { OrderQueryService } from '../orders/order-query.service.js';
import { OrderReverseService } from '../orders/order-reverse.service.js';
import { OrderSettleService } from '../orders/order-settle.service.js';
import type { MerchantApis } from './apis.js';
import { toReceived } from './received-notification.js';

/** The name of the merchant that is registered without a name. */
export const DEFAULT_MERCHANT = 'default';

export interface WxPayMerchantInit {
  readonly name: string;
  readonly mchid: string;
  readonly api: 'v3' | 'v2';
  readonly apis: MerchantApis;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborted when the app is closed. */
  readonly closing: AbortSignal;
  /** Ends what the merchant holds once its calls are done. */
  readonly close: () => Promise<void>;
}

/**
 * A registered merchant and its services. It keeps the keys it was registered with: after `replace`, get it anew.
 * Injected services follow by themselves.
 */
export class WxPayMerchant {
  readonly name: string;
  readonly mchid: string;
  readonly api: 'v3' | 'v2';
  readonly orderQuery: OrderQueryService;
  readonly orderClose: OrderCloseService;
  readonly orderSettle: OrderSettleService;
  readonly orderReverse: OrderReverseService;
  readonly combineOrder: CombineOrderService;
  /** For every endpoint that has no service here. */
  readonly client: WxPayClient;
  /** @internal */
  readonly apis: MerchantApis;
  /** @internal */
  readonly now: () => number;
  /** @internal */
  readonly closing: AbortSignal;
  /** @internal */
  readonly close: () => Promise<void>;

  /** @internal */
  constructor(init: WxPayMerchantInit) {
    // Nest passes nothing where an app lists this class in providers.
    expectWired('WxPayMerchant', (init as WxPayMerchantInit | undefined)?.now);
    const { name, mchid, api, apis, now, closing, close } = init;
    this.name = name;
    this.mchid = mchid;
    this.api = api;
    this.apis = apis;
    this.now = now;
    this.closing = closing;
    this.close = close;
    this.orderQuery = new OrderQueryService(apis.orders, now, () => closing);
    this.orderClose = new OrderCloseService(apis.orders, now);
    this.orderSettle = new OrderSettleService(apis.orders, now);
    this.orderReverse = new OrderReverseService(apis.reversal, now);
    this.combineOrder = new CombineOrderService(apis.combine);
    this.client = new WxPayClient(apis.requests);
  }

  /**
   * Verifies, decrypts and reads a notification that came some other way than to a controller; there, use
   * `@VerifyNotification()`. Answering it is up to you.
   *
   * @throws {WxPayInputError} if `body` is no bytes, or `headers` are none
   * @throws {WxPayError} if it cannot be verified, read or understood: answer it with a status of 400 or more
   */
  async readNotification(incoming: IncomingNotification): Promise<WxPayNotification> {
    return this.apis.notifications().read(toReceived(incoming));
  }

  toString(): string {
    return `WxPayMerchant "${redact(this.name)}" (mchid ${this.mchid}, API ${this.api})`;
  }

  /** Name, number and API only: what hangs below holds keys. */
  toJSON(): Record<string, unknown> {
    const { name, mchid, api } = this;
    return { name: redact(name), mchid, api };
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
