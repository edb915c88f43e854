import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { WXPAY_CALL_CHANNEL, type AttemptEvent, type CallEvent } from '../index.js';
import { callAttributes, defined, endAttributes, hostAttributes, replyAttributes } from './attributes.js';
import { listen } from './listen.js';
import { reportFailure } from './report-failure.js';
import { runCallWithin } from './run-within.js';
import type { WxPayTelemetryOptions } from './telemetry-options.js';

/**
 * Makes one span of kind INTERNAL for each call, with an event for each attempt. Attempts get no span, because the HTTP
 * instrumentation makes one for each request.
 *
 * @returns ends the subscription
 */
export function traceCalls(
  tracer: Tracer,
  { includeOrderNumber = false }: Pick<WxPayTelemetryOptions, 'includeOrderNumber'>,
): () => void {
  const calls = tracingChannel<unknown, CallEvent>(WXPAY_CALL_CHANNEL);
  /** Context of the current call. */
  const contexts = new AsyncLocalStorage<Context>();
  const spans = new WeakMap<CallEvent, Span>();

  const startSpan = (event: CallEvent): Context => {
    const outTradeNo = includeOrderNumber ? event.outTradeNo : undefined;
    const attributes = { ...callAttributes(event), ...defined({ 'wxpay.out_trade_no': outTradeNo }) };
    const span = tracer.startSpan(`wxpay ${event.operation}`, { kind: SpanKind.INTERNAL, attributes });
    spans.set(event, span);
    const ofCall = trace.setSpan(context.active(), span);
    runCallWithin(event, ofCall);
    return ofCall;
  };
  calls.start.bindStore(contexts, (event) => {
    try {
      return startSpan(event);
    } catch (error) {
      reportFailure(error);
      return context.active();
    }
  });
  const stopEnds = listen('callEnd', (event) => {
    const span = spans.get(event);
    if (span !== undefined) endSpan(span, event);
  });
  const stopAttempts = listen('attempt', (event) => {
    const ofCall = contexts.getStore();
    if (ofCall !== undefined) addAttempt(trace.getSpan(ofCall), event);
  });
  return () => {
    calls.start.unbindStore(contexts);
    stopEnds();
    stopAttempts();
  };
}

function endSpan(span: Span, event: CallEvent): void {
  span.setAttributes({
    ...endAttributes(event),
    ...hostAttributes(event),
    ...replyAttributes(event),
    'wxpay.attempts': event.attempts ?? 0,
  });
  // The message names the order, which spans have only if the app wants it; an abort is no error of the call.
  const { outcome, error } = event;
  if (outcome === 'failed' || outcome === 'refused') {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error?.code ?? error?.type });
  }
  span.end();
}

function addAttempt(span: Span | undefined, event: AttemptEvent): void {
  span?.addEvent('wxpay.attempt', {
    'wxpay.attempt': event.attempt,
    ...endAttributes(event),
    ...hostAttributes(event),
    ...replyAttributes(event),
  });
}
