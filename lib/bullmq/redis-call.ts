import { WxPayError } from '../index.js';
import { OrderTrackingError } from './order-tracking-error.js';

/**
 * Runs a call that needs Redis, for at most `timeoutMs`. What Redis has received by then may still take effect.
 *
 * @param what names the call in the message, such as `track order T1`
 * @throws {OrderTrackingError} if Redis did not answer in time, or refused
 * @throws {WxPayError} as `run` throws it
 */
export async function callRedis<T>(what: string, timeoutMs: number, run: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(noAnswer(what, timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([run(), timeout]);
  } catch (cause) {
    if (cause instanceof WxPayError) throw cause;
    throw new OrderTrackingError(
      `Redis failed to ${what}: it is unknown whether it took effect. Calling again is safe.`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

function noAnswer(what: string, timeoutMs: number): OrderTrackingError {
  return new OrderTrackingError(
    `Redis did not answer within ${timeoutMs} ms to ${what}: it is unknown whether it took effect. Calling again is safe.`,
  );
}
