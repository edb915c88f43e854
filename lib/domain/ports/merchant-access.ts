import type { CombineApi, OrderApi, RequestApi, ReverseApi } from './apis.js';

/**
 * The way of a service to its merchant. A service looks up each operation when it is called, so that an injected one
 * follows `replace`.
 *
 * Each of the first five throws WxPayConfigError if the API of the merchant does not support it.
 */
export interface MerchantAccess {
  readonly orders: () => OrderApi;
  /** Queries of which identical ones under way are one. */
  readonly sharedOrders: () => Pick<OrderApi, 'query'>;
  readonly combine: () => CombineApi;
  readonly reversal: () => ReverseApi;
  readonly requests: () => RequestApi;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborted when the app is closed. */
  readonly closing: () => AbortSignal;
}
