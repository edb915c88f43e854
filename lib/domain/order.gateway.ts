import type { CallOptions } from './call-options.js';
import type { CloseOrderRef, OrderRef } from './order-ref.js';
import type { Order } from './order.js';

/** What the order services need from an API of WeChat Pay. One implementation for each API. */
export interface OrderGateway {
  query(ref: OrderRef, options?: CallOptions): Promise<Order>;
  close(ref: CloseOrderRef, options?: CallOptions): Promise<void>;
}
