import type { FilesApi, OrderApi, RequestApi, ReverseApi, SensitiveFieldsApi } from './apis.js';
import type { CodePayApi } from './code-pay-api.js';
import type { BillApi } from './bill-api.js';
import type { RefundApi } from './refund-api.js';
import type { CombineApi } from './combine-api.js';
import type { PrepayApi } from './prepay-api.js';

/**
 * Access of a service to its merchant. A service calls these functions for each operation, so that `replace` takes effect.
 *
 * The functions that return operations throw WxPayConfigError if the API of the merchant does not support them.
 */
export interface MerchantAccess {
  readonly orders: () => OrderApi;
  /** Queries that share one call if they are identical and under way at the same time. */
  readonly sharedOrders: () => Pick<OrderApi, 'query'>;
  readonly combine: () => CombineApi;
  readonly reversal: () => ReverseApi;
  readonly refunds: () => RefundApi;
  readonly codePay: () => CodePayApi;
  readonly bills: () => BillApi;
  readonly requests: () => RequestApi;
  readonly files: () => FilesApi;
  readonly sensitiveFields: () => SensitiveFieldsApi;
  readonly prepay: () => PrepayApi;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborted when the app is closed. */
  readonly closing: () => AbortSignal;
}
