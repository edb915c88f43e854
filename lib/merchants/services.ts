import { WxPayClient } from '../client/wxpay-client.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { CombineOrderService } from '../orders/combine-order.service.js';
import { OrderCloseService } from '../orders/order-close.service.js';
import { OrderQueryService } from '../orders/order-query.service.js';
import { OrderReverseService } from '../orders/order-reverse.service.js';
import { OrderSettleService } from '../orders/order-settle.service.js';

/**
 * The services of a merchant, by the name of their member in `WxPayMerchant`. Tokens, providers and members are made from
 * this list; a new service is a row here, its file, and its export from `index.ts`.
 *
 * An `id` is written out because a minifier renames classes, and a token must be the same in every copy of this package.
 */
export const SERVICES = {
  orderQuery: { type: OrderQueryService, id: 'OrderQueryService' },
  orderClose: { type: OrderCloseService, id: 'OrderCloseService' },
  orderSettle: { type: OrderSettleService, id: 'OrderSettleService' },
  orderReverse: { type: OrderReverseService, id: 'OrderReverseService' },
  combineOrder: { type: CombineOrderService, id: 'CombineOrderService' },
  /** For every endpoint that has no service here. */
  client: { type: WxPayClient, id: 'WxPayClient' },
} as const;

/** The services of one merchant. */
export type WxPayMerchantServices = {
  readonly [Member in keyof typeof SERVICES]: InstanceType<(typeof SERVICES)[Member]['type']>;
};

export function createServices(access: MerchantAccess): WxPayMerchantServices {
  const members = Object.entries(SERVICES).map(([member, { type: Service }]) => [
    member,
    new Service(access),
  ]);
  // Sound: every member is made by the class in its row.
  return Object.fromEntries(members) as WxPayMerchantServices;
}
