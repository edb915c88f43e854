import type { CloseOrderRef, RefundRef } from '../index.js';

/**
 * Builds the identifier of an order's job. The same order has the same identifier, so that it is tracked once however often it
 * is passed.
 *
 * The prefix distinguishes direct orders from those of sub-merchants, which may have equal numbers, and keeps a number of digits from
 * being an integer, which BullMQ refuses.
 */
export function orderJobId({ outTradeNo, subMchid }: CloseOrderRef): string {
  // Null as in a row of a table counts as absent, too.
  return subMchid == undefined ? `d-${outTradeNo}` : `p-${subMchid}-${outTradeNo}`;
}

/** Builds the identifier of a refund's job; no order has the same. */
export function refundJobId({ outRefundNo, subMchid }: RefundRef): string {
  return subMchid === undefined ? `r-${outRefundNo}` : `s-${subMchid}-${outRefundNo}`;
}

/** Builds the identifier of the job that stands for a merchant in {@link MERCHANTS_QUEUE}. */
export function merchantJobId(merchant: string): string {
  return `m-${escaped(merchant)}`;
}

/** Name of the queue that lists the merchants; no merchant's own queue has it. */
export const MERCHANTS_QUEUE = 'wxpay-merchants';

/** Name of a merchant's queue. The name of the merchant is escaped, because a queue name must not contain a colon. */
export function queueNameOf(merchant: string): string {
  return `wxpay-orders-${escaped(merchant)}`;
}

/**
 * Injection token of a queue, as `getQueueToken` of `@nestjs/bullmq` returns it, so that `@InjectQueue` and bull-board find the
 * queue.
 */
export function queueTokenOf(merchant: string): string {
  return `BullQueue_${queueNameOf(merchant)}`;
}

/** Percent-encodes all but letters, digits and `_.~-`. A lone surrogate, which has no encoding, becomes `%uD800`. */
function escaped(name: string): string {
  return name.replace(/[^\w.~-]/gu, (char) =>
    /\p{Surrogate}/u.test(char)
      ? `%u${char.charCodeAt(0).toString(16).toUpperCase()}`
      : encodeURIComponent(char).replace(
          /[!'()*]/g,
          (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
        ),
  );
}
