import { tracingChannel } from 'node:diagnostics_channel';
import type { CallEvent } from './call-events.js';

/**
 * Name of the tracing channel of calls: `tracingChannel(WXPAY_CALL_CHANNEL)` of `node:diagnostics_channel`.
 *
 * One call is one request of a service to WeChat Pay with all its attempts, or one download of certificates; `settle`, for
 * example, makes several calls. Each publishes the same {@link CallEvent} object to `start`, `end` (the promise was returned),
 * `error` (the call failed), `asyncStart` and `asyncEnd` (the call is over). The events carry no result, because a result
 * contains personal data. A store bound to `start` is visible during the whole call, also in the app's own
 * signer.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#class-tracingchannel
 */
export const WXPAY_CALL_CHANNEL = 'nestjs-wxpay:call';

/** Trace only `if (callChannel.hasSubscribers)`. */
export const callChannel = tracingChannel<unknown, CallEvent>(WXPAY_CALL_CHANNEL);

/** Runs a function within a context, and returns its result. */
type RunWithin = <T>(run: () => T) => T;

/**
 * Key of a function that a store bound to `start` may leave on the event; the call then runs within that function. Only for
 * `nestjs-wxpay/opentelemetry`, which imports nothing but the public API: hence the registered symbol.
 */
const RUN_WITHIN = Symbol.for('nestjs-wxpay/run-within');

/**
 * Runs a call and publishes its event, as `TracingChannel.tracePromise` does, but without the result.
 *
 * @param run completes the event before its promise is settled
 */
export function traceCall<T>(event: CallEvent, run: () => Promise<T>): Promise<T> {
  const { start, end, asyncStart, asyncEnd, error: errors } = callChannel;
  const isOver = (): void => {
    asyncStart.publish(event);
    asyncEnd.publish(event);
  };
  return start.runStores(event, () => {
    const { [RUN_WITHIN]: within } = event as { readonly [RUN_WITHIN]?: RunWithin };
    const running = (within === undefined ? run() : within(run)).then(
      (value) => {
        isOver();
        return value;
      },
      (error: unknown) => {
        errors.publish(event);
        isOver();
        throw error;
      },
    );
    end.publish(event);
    return running;
  });
}
