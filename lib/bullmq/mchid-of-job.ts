import { WxPayConfigError, type WxPayMerchant } from '../index.js';
import { OrderTrackingError } from './order-tracking-error.js';

/** The merchant number (`mchid`) for which a job was tracked, as Redis stores it; absent if it is unknown. */
interface TrackedFor {
  readonly mch?: string | undefined;
}

/**
 * Checks that a merchant has the number for which a job was tracked. Apps that share a prefix in Redis share the queue of each name, and
 * a name may be registered with another number later. WeChat Pay replies to the other merchant that the order does not exist.
 *
 * @param subject such as `order T1`
 * @throws {WxPayConfigError} if the merchant has another number
 */
export function expectMchid({ name, mchid }: WxPayMerchant, { mch }: TrackedFor, subject: string): void {
  if (mch === undefined || mch === mchid) return;
  throw new WxPayConfigError([
    `${capitalised(subject)} was tracked for merchant number ${mch}, but "${name}" is registered as ${mchid} in this process. Give each app and environment a prefix of its own in Redis, or register ${mch} again.`,
  ]);
}

/** Tells whether two jobs of one number belong to different merchants. */
export function hasOtherMchid(queued: TrackedFor, added: TrackedFor): boolean {
  return queued.mch !== undefined && added.mch !== undefined && queued.mch !== added.mch;
}

/** Creates the error of a number that another merchant has in the same queue. @param subject such as `order T1` */
export function takenByOtherMchid(subject: string, { mch }: TrackedFor): OrderTrackingError {
  return new OrderTrackingError(
    `${capitalised(subject)} is tracked for merchant number ${mch} already. Give each app and environment a prefix of its own in Redis.`,
    { retryable: false },
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
