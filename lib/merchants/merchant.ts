import { inspect } from 'node:util';
import type { CombineGateway } from '../domain/combine.gateway.js';
import type { OrderGateway } from '../domain/order.gateway.js';
import { CombineOrderService } from '../orders/combine-order.service.js';
import { OrderCloseService } from '../orders/order-close.service.js';
import { OrderQueryService } from '../orders/order-query.service.js';

/** The name of the merchant that is registered without a name. */
export const DEFAULT_MERCHANT = 'default';

export interface WxPayMerchantInit {
  readonly name: string;
  readonly mchid: string;
  readonly api: 'v3';
  readonly orders: OrderGateway;
  readonly combine: CombineGateway;
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
  readonly api: 'v3';
  readonly orderQuery: OrderQueryService;
  readonly orderClose: OrderCloseService;
  readonly combineOrder: CombineOrderService;
  /** @internal */
  readonly orders: OrderGateway;
  /** @internal */
  readonly combine: CombineGateway;
  /** @internal */
  readonly close: () => Promise<void>;

  /** @internal */
  constructor({ name, mchid, api, orders, combine, close }: WxPayMerchantInit) {
    this.name = name;
    this.mchid = mchid;
    this.api = api;
    this.orders = orders;
    this.combine = combine;
    this.close = close;
    this.orderQuery = new OrderQueryService(() => orders);
    this.orderClose = new OrderCloseService(() => orders);
    this.combineOrder = new CombineOrderService(() => combine);
  }

  toString(): string {
    return `WxPayMerchant "${this.name}" (mchid ${this.mchid}, API ${this.api})`;
  }

  /** Name, number and API only: what hangs below holds keys. */
  toJSON(): Record<string, unknown> {
    const { name, mchid, api } = this;
    return { name, mchid, api };
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
