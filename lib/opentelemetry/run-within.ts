import { context, type Context } from '@opentelemetry/api';
import type { CallEvent } from '../index.js';

/** Key under which the core looks for a function that runs the call; see `traceCall` there. */
const RUN_WITHIN = Symbol.for('nestjs-wxpay/run-within');

/**
 * Makes a context active while the call of an event runs, with any context manager of the app, so that spans of the HTTP
 * instrumentation become children of the span of the call.
 */
export function runCallWithin(event: CallEvent, ofCall: Context): void {
  const value = <T>(run: () => T): T => context.with(ofCall, run);
  Object.defineProperty(event, RUN_WITHIN, { value, configurable: true });
}
