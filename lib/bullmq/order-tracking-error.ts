import { brand } from '../errors/brand.js';
import { WxPayError, type WxPayErrorInit } from '../index.js';

/**
 * The queue did not do what a call of {@link OrderTracker} asked for, or a handler failed.
 *
 * `retryable` is true if the same call may succeed later. After `track` and `trackRefund`, the order may be tracked or not: call
 * again, tracking twice is tracking once.
 */
export class OrderTrackingError extends WxPayError {
  readonly code = 'WXPAY_TRACKING';

  static {
    brand(this, 'OrderTrackingError');
  }

  constructor(message: string, init: WxPayErrorInit = {}) {
    super(message, { retryable: true, ...init });
  }
}
