import { WxPayError } from '../../errors/wxpay-error.js';
import type { QueryManyOptions } from '../options.js';
import { checkOrderRef, type OrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { OrderApi } from '../ports/apis.js';
import { attemptCall } from './attempt-call.js';
import { Pace } from './pace.js';
import { runMany } from './run-many.js';

/** Outcome of one of many queries; `ref` is the object that the source yielded. */
export type QueryOutcome =
  | { readonly ref: OrderRef; readonly order: Order; readonly error?: never }
  | { readonly ref: OrderRef; readonly error: WxPayError; readonly order?: never };

/** Queries many orders, several at a time, and yields each outcome as soon as it is known. */
export function queryMany(
  api: () => OrderApi,
  refs: Iterable<OrderRef> | AsyncIterable<OrderRef>,
  options: QueryManyOptions,
  closing?: AbortSignal,
): AsyncGenerator<QueryOutcome, void, undefined> {
  const pace = new Pace();
  const run = async (ref: OrderRef, signal: AbortSignal): Promise<QueryOutcome> => {
    const result = await attemptCall(signal, () => {
      // Copied before the first await, because a cursor may reuse one object for all of its rows.
      const checked = checkOrderRef(ref);
      return pace.run(signal, () => api().query(checked, { signal }));
    });
    return result instanceof WxPayError ? { ref, error: result } : { ref, order: result };
  };
  return runMany(refs, { what: 'A query of many orders', run, closing }, options);
}
