import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { context, diag, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { OrderQueryService, WXPAY_CHANNELS, WxPayModule, type WxPayV3Options } from 'nestjs-wxpay';
import { WxPayTelemetryModule, type WxPayTelemetryOptions } from 'nestjs-wxpay/opentelemetry';
import { AsyncContexts, OpenTelemetry } from '../../support/harness/open-telemetry.js';
import { useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();
let sdk: OpenTelemetry;
let app: TestingModule;

beforeAll(() => void context.setGlobalContextManager(new AsyncContexts()));
afterAll(() => context.disable());
beforeEach(() => {
  sdk = new OpenTelemetry();
});
afterEach(async () => {
  await app.close();
  await sdk.shutdown();
});

async function start(
  telemetry: Partial<WxPayTelemetryOptions> = {},
  options: Partial<WxPayV3Options> = {},
): Promise<OrderQueryService> {
  const { main, backup } = hosts;
  const { tracerProvider, meterProvider } = sdk;
  app = await Test.createTestingModule({
    imports: [
      WxPayModule.forRoot(main.options({ hosts: [main.url, backup.url], ...options })),
      WxPayTelemetryModule.forRoot({ tracerProvider, meterProvider, ...telemetry }),
    ],
  }).compile();
  await app.init();
  return app.get(OrderQueryService);
}

describe('WxPayTelemetryModule', () => {
  it('makes one span for a call that moves to the backup host, with an event for each attempt', async () => {
    hosts.main.next({ fault: 'reset', handled: false });
    const orderQuery = await start();

    await orderQuery.query({ outTradeNo: 'T1' });

    const [span, ...others] = sdk.spans.getFinishedSpans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({ name: 'wxpay order.query', kind: SpanKind.INTERNAL });
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
    expect(span?.attributes).toEqual({
      'wxpay.merchant': 'default',
      'wxpay.operation': 'order.query',
      'wxpay.api_version': 'v3',
      'wxpay.outcome': 'success',
      'wxpay.attempts': 2,
      'wxpay.host': 'backup',
      'wxpay.request_id': expect.any(String),
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
    });
    expect(span?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      [
        'wxpay.attempt',
        expect.objectContaining({
          'wxpay.attempt': 1,
          'wxpay.host': 'main',
          'wxpay.outcome': 'failed',
          'error.type': 'transport',
        }),
      ],
      [
        'wxpay.attempt',
        expect.objectContaining({ 'wxpay.attempt': 2, 'wxpay.host': 'backup', 'wxpay.outcome': 'success' }),
      ],
    ]);
  });

  it('marks the span of a refused call by kind and code, without the number of the order', async () => {
    const orderQuery = await start();

    await expect(orderQuery.query({ outTradeNo: 'SECRET1' })).rejects.toThrow();

    const [span] = sdk.spans.getFinishedSpans();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'ORDER_NOT_EXIST' });
    expect(span?.attributes).toMatchObject({
      'wxpay.outcome': 'refused',
      'error.type': 'order-not-found',
      'wxpay.error_code': 'ORDER_NOT_EXIST',
    });
    expect(JSON.stringify([span?.attributes, span?.events, span?.status])).not.toContain('SECRET1');
  });

  it('adds the number of the order only if the app wants it', async () => {
    const orderQuery = await start({ includeOrderNumber: true });

    await orderQuery.query({ outTradeNo: 'T1' });

    expect(sdk.spans.getFinishedSpans()[0]?.attributes).toMatchObject({ 'wxpay.out_trade_no': 'T1' });
  });

  it('has its span active while a request is sent, below the span of the app', async () => {
    const orderQuery = await start();
    const active: (Span | undefined)[] = [];
    const note = (): void => void active.push(trace.getActiveSpan());
    // The channel on which the HTTP instrumentation learns of a request.
    subscribe('http.client.request.start', note);

    const ofApp = sdk.tracerProvider.getTracer('app').startSpan('checkout');
    const after = await context.with(trace.setSpan(context.active(), ofApp), async () => {
      await orderQuery.query({ outTradeNo: 'T1' });
      return trace.getActiveSpan();
    });
    unsubscribe('http.client.request.start', note);

    const [span] = sdk.spans.getFinishedSpans();
    expect(active.map((each) => each?.spanContext().spanId)).toEqual([span?.spanContext().spanId]);
    expect(span?.parentSpanContext?.spanId).toBe(ofApp.spanContext().spanId);
    expect(after).toBe(ofApp);
  });

  it('subscribes to nothing after the app is closed', async () => {
    const names = [
      'tracing:nestjs-wxpay:call:start',
      'tracing:nestjs-wxpay:call:asyncEnd',
      ...Object.values(WXPAY_CHANNELS),
    ];
    const subscribed = () => names.filter((name) => channel(name).hasSubscribers);
    await start();
    const before = subscribed();

    await app.close();

    expect(before).toEqual(expect.arrayContaining([names[0], names[1], WXPAY_CHANNELS.attempt]));
    expect(subscribed()).toEqual([]);
  });

  it('warns if it is imported twice, as everything is counted twice then', async () => {
    const lines: unknown[] = [];
    const note = (message: unknown): void => void lines.push(message);
    const logger = { log: () => undefined, error: note, warn: note };
    const { tracerProvider, meterProvider } = sdk;
    const telemetry = () => WxPayTelemetryModule.forRoot({ tracerProvider, meterProvider });
    app = await Test.createTestingModule({ imports: [telemetry(), telemetry()] })
      .setLogger(logger)
      .compile();

    await app.init();

    expect(lines).toEqual([expect.stringContaining('in use twice in this process')]);
  });

  it.each(['onStart', 'onEnd'] as const)(
    'leaves a call alone whose span processor throws in %s',
    async (part) => {
      const failed: unknown[] = [];
      const uncaught: unknown[] = [];
      const note = (error: unknown): void => void uncaught.push(error);
      const error = new Error('the processor is broken');
      const fail = (): never => {
        throw error;
      };
      const rest = { onStart() {}, onEnd() {}, shutdown: async () => {}, forceFlush: async () => {} };
      const tracerProvider = new BasicTracerProvider({ spanProcessors: [{ ...rest, [part]: fail }] });
      const silent = (): void => undefined;
      diag.setLogger({
        warn: silent,
        info: silent,
        debug: silent,
        verbose: silent,
        error: (_, ...details) => void failed.push(...details),
      });
      process.on('uncaughtException', note);
      const orderQuery = await start({ tracerProvider });

      const order = await orderQuery.query({ outTradeNo: 'T1' });
      await setImmediate();
      process.off('uncaughtException', note);
      diag.disable();

      expect(order.outTradeNo).toBe('T1');
      expect([failed, uncaught]).toEqual([[error], []]);
    },
  );
});
