import type { OrderSettledEvent, RefundSettledEvent } from '../index.js';

/**
 * Takes the outcomes of tracked orders. The app extends it, and passes the class to {@link OrderTrackingModule}.
 *
 * Each outcome is delivered at least once: the same event may come again after a crash or a failure, with the same key. Do the work
 * and store the key in one transaction. A handler that throws is called again, without another request to WeChat Pay.
 *
 * Closing the app waits for a call that has begun. On Nest 10, and with `isGlobal: true`, Nest destroys the providers that the
 * handler injects meanwhile: release their connections in `onApplicationShutdown`, which comes after `onModuleDestroy`.
 */
export abstract class OrderSettledHandler {
  /** Takes the outcome of an order: paid, closed, not found at its expiry, or to be reversed. */
  abstract settled(event: OrderSettledEvent): Promise<void>;

  /** Takes the final status of a refund. Needed by apps that call `trackRefund`. */
  refunded?(event: RefundSettledEvent): Promise<void>;
}
