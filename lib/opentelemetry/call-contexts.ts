import { AsyncLocalStorage } from 'node:async_hooks';
import { context, type Context } from '@opentelemetry/api';

/**
 * Store of the OpenTelemetry context of the current call. Bound to a channel, it also makes that context the active one, so that
 * spans of the HTTP instrumentation become children of the span of the call, whichever context manager the app has.
 */
export class CallContexts extends AsyncLocalStorage<Context> {
  override run<R, Args extends unknown[]>(ofCall: Context, callback: (...args: Args) => R, ...args: Args): R {
    return super.run(ofCall, () => context.with(ofCall, () => callback(...args)));
  }
}
