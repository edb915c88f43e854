import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Test, type TestingModule } from '@nestjs/testing';
import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
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
    const orderQuery = await start();
    await app.close();

    expect(Object.values(WXPAY_CHANNELS).filter((name) => channel(name).hasSubscribers)).toEqual([]);
    expect(channel('tracing:nestjs-wxpay:call:start').hasSubscribers).toBe(false);
    expect(channel('tracing:nestjs-wxpay:call:asyncEnd').hasSubscribers).toBe(false);
    expect(orderQuery).toBeDefined();
  });
});
