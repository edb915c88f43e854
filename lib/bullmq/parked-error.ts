import { OrderTrackingError } from './order-tracking-error.js';

/** Creates the error of a parked job that is tracked again. @param subject such as `order T1` */
export function parkedError(subject: string, key: string): OrderTrackingError {
  return new OrderTrackingError(
    `${subject.charAt(0).toUpperCase()}${subject.slice(1)} is parked. Remove the cause, then call OrderTracker.retry("${key}").`,
    { retryable: false },
  );
}
