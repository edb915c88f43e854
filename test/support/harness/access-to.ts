import { SharedQueries } from '../../../lib/domain/flows/shared-queries.js';
import type { OrderApi } from '../../../lib/domain/ports/apis.js';
import type { MerchantAccess } from '../../../lib/domain/ports/merchant-access.js';

/** The access to a merchant that has these orders and nothing else; `orders` may return another API after a replacement. */
export function accessTo(orders: () => OrderApi, now: () => number = () => 0): MerchantAccess {
  const shared = new Map<OrderApi, SharedQueries>();
  const { signal } = new AbortController();
  return {
    orders,
    sharedOrders() {
      const api = orders();
      const queries = shared.get(api) ?? new SharedQueries(api);
      shared.set(api, queries);
      return queries;
    },
    combine: unsupported,
    reversal: unsupported,
    refunds: unsupported,
    codePay: unsupported,
    requests: unsupported,
    bills: unsupported,
    files: unsupported,
    sensitiveFields: unsupported,
    prepay: unsupported,
    now,
    closing: () => signal,
  };
}

function unsupported(): never {
  throw new Error('The merchant of this test has single orders only.');
}
