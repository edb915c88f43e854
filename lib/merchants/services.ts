import { BillService } from '../bills/bill.service.js';
import { WxPayClient } from '../client/wxpay-client.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { CombineOrderService } from '../orders/combine-order.service.js';
import { OrderCloseService } from '../orders/order-close.service.js';
import { OrderQueryService } from '../orders/order-query.service.js';
import { OrderReverseService } from '../orders/order-reverse.service.js';
import { OrderSettleService } from '../orders/order-settle.service.js';
import { RefundService } from '../refunds/refund.service.js';
import { PrepayService } from '../payments/prepay.service.js';
import { CodePayService } from '../payments/code-pay.service.js';

/**
 * Services of a merchant, by the name of their member in `WxPayMerchant`. Tokens, providers and members are created from this
 * list: a new service needs a row here, its file, and its export from `index.ts`.
 *
 * The `id` is not read from the class, because a minifier renames classes and a token must be the same in every copy of this
 * package.
 */
export const SERVICES = {
  orderQuery: { type: OrderQueryService, id: 'OrderQueryService' },
  orderClose: { type: OrderCloseService, id: 'OrderCloseService' },
  orderSettle: { type: OrderSettleService, id: 'OrderSettleService' },
  orderReverse: { type: OrderReverseService, id: 'OrderReverseService' },
  combineOrder: { type: CombineOrderService, id: 'CombineOrderService' },
  refunds: { type: RefundService, id: 'RefundService' },
  prepay: { type: PrepayService, id: 'PrepayService' },
  codePay: { type: CodePayService, id: 'CodePayService' },
  bills: { type: BillService, id: 'BillService' },
  /** Client for all endpoints without a service. */
  client: { type: WxPayClient, id: 'WxPayClient' },
} as const;

/** Services of one merchant. */
export type WxPayMerchantServices = {
  readonly [Member in keyof typeof SERVICES]: InstanceType<(typeof SERVICES)[Member]['type']>;
};

export function createServices(access: MerchantAccess): WxPayMerchantServices {
  const members = Object.entries(SERVICES).map(([member, { type: Service }]) => [
    member,
    new Service(access),
  ]);
  // Sound: every member is an instance of the class in its row.
  return Object.fromEntries(members) as WxPayMerchantServices;
}
