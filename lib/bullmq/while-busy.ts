import { setTimeout as pause } from 'node:timers/promises';
import { OrderTrackingError } from './order-tracking-error.js';

/** Maximum time to wait for the step that is under way, in milliseconds; less if the call has less time. */
const STEP_WAIT_MS = 2_000;
/** Share of the call's time that the wait may take; the rest is for the last command. */
const WAIT_SHARE = 0.8;
const POLL_MS = 50;

/** Job that a call waits for. */
export interface BusyJob {
  /** Name in the message, such as `order T1`. */
  readonly subject: string;
  /** Time of the whole call, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Repeats an action until it has a result. It has none while a worker holds the job.
 *
 * @param act gets a check of the time to call right before a removal: after the time limit the caller has its error already, and
 * nothing may be removed any more
 * @throws {OrderTrackingError} if the step of the worker does not end soon
 */
export async function whileBusy<T>(
  { subject, timeoutMs }: BusyJob,
  act: (checkTime: () => void) => Promise<T | undefined>,
): Promise<T> {
  const waitMs = Math.ceil(Math.min(STEP_WAIT_MS, timeoutMs * WAIT_SHARE));
  const begin = performance.now();
  const endsAt = begin + waitMs;
  const checkTime = (): void => {
    if (performance.now() - begin > timeoutMs) {
      throw new OrderTrackingError(`The call about ${subject} came too late.`);
    }
  };
  for (;;) {
    const result = await act(checkTime);
    if (result !== undefined) return result;
    if (performance.now() + POLL_MS >= endsAt) {
      throw new OrderTrackingError(`A step of ${subject} did not end within ${waitMs} ms. Call again later.`);
    }
    await pause(POLL_MS);
  }
}
