import type { CombineApi, OrderApi, RequestApi, ReverseApi } from './apis.js';

/**
 * Access of a service to its merchant. A service calls these functions for each operation, so that `replace` also takes effect
 * for injected services.
 *
 * Each of the first five functions throws WxPayConfigError if the API of the merchant does not support its operations.
 */
export interface MerchantAccess {
  readonly orders: () => OrderApi;
  /** Queries that share one call if they are identical and under way at the same time. */
  readonly sharedOrders: () => Pick<OrderApi, 'query'>;
  readonly combine: () => CombineApi;
  readonly reversal: () => ReverseApi;
  readonly requests: () => RequestApi;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborted when the app is closed. */
  readonly closing: () => AbortSignal;
}
