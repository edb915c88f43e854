import { safeCause } from '../errors/safe-cause.js';
import { WxPayError } from '../index.js';
import { OrderTrackingError } from './order-tracking-error.js';

/** A call that needs Redis. */
export interface RedisCall {
  /** Name in the message, such as `track order T1`. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Returns the last error of the connection, if it is recent. */
  readonly connectionError: () => unknown;
}

/**
 * Runs a call that needs Redis, for at most `timeoutMs`. What Redis has received by then may still take effect.
 *
 * @throws {OrderTrackingError} if Redis did not answer in time, or refused
 * @throws {WxPayError} as `run` throws it
 */
export async function callRedis<T>(call: RedisCall, run: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(noAnswer(call)), call.timeoutMs);
  });
  try {
    return await Promise.race([run(), timeout]);
  } catch (cause) {
    if (cause instanceof WxPayError) throw cause;
    throw new OrderTrackingError(
      `Redis failed to ${call.what}: it is unknown whether it took effect. Calling again is safe.`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

function noAnswer({ what, timeoutMs, connectionError }: RedisCall): OrderTrackingError {
  const message = `Redis did not answer within ${timeoutMs} ms to ${what}: it is unknown whether it took effect. Calling again is safe.`;
  const cause = connectionError();
  if (cause === undefined) return new OrderTrackingError(message);
  return new OrderTrackingError(
    `${message} The last error of the connection to Redis: ${safeCause(cause).message}.`,
    { cause },
  );
}
