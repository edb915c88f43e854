import type { CombineGateway } from '../domain/combine.gateway.js';
import type { NotificationReader } from '../domain/notification.js';
import type { OrderGateway } from '../domain/order.gateway.js';
import type { RequestGateway } from '../domain/request.gateway.js';
import type { ReverseGateway } from '../domain/reverse.gateway.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';

/** What the services of a merchant work with. One that the merchant's API lacks throws, and says what to do. */
export interface Gateways {
  readonly orders: () => OrderGateway;
  readonly combine: () => CombineGateway;
  readonly reversal: () => ReverseGateway;
  readonly requests: () => RequestGateway;
  readonly notifications: () => NotificationReader;
}

/** Stands for a gateway that a merchant does not have. */
export function lacking(merchant: string, remedy: string): () => never {
  return () => {
    throw new WxPayConfigError([remedy], { merchant });
  };
}
