import type { MockRefund } from './mock-refund.js';
import type { MockRefunds, RefundNumbers } from './refunds.js';

/** Finds the refund to swap in: the first one of an order, or any other than the requested one. */
export function refundsByOrder(refunds: MockRefunds): {
  get(outTradeNo: string): MockRefund | undefined;
  otherThan(numbers: RefundNumbers): MockRefund | undefined;
} {
  return {
    get: (outTradeNo) => refunds.list().find((refund) => refund.outTradeNo === outTradeNo),
    otherThan: (numbers) => refunds.otherThan(numbers),
  };
}
