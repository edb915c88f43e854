import { channel } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import {
  OrderQueryService,
  OrderSettleService,
  WxPayMerchants,
  WXPAY_CHANNELS,
  type NotificationEvent,
} from 'nestjs-wxpay';
import { WxPayTelemetryModule } from 'nestjs-wxpay/opentelemetry';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { startNotificationApp, type NotificationApp } from '../../support/harness/notification-app.js';
import { OpenTelemetry, type Point } from '../../support/harness/open-telemetry.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

let sdk: OpenTelemetry;
let main: MockWxPayGateway;
let backup: MockWxPayGateway;
let app: NotificationApp;

beforeEach(async () => {
  sdk = new OpenTelemetry();
  main = await startGateway({ ageRules: false, platformCertificates: 'only' });
  backup = await main.startBackup();
  main.orders.create({ outTradeNo: 'T1', amount: { total: 1 } });
  const { meterProvider } = sdk;
  @Module({ imports: [WxPayTelemetryModule.forRoot({ meterProvider })] })
  class TelemetryModule {}
  app = await startNotificationApp({
    adapter: 'Express',
    merchants: [main.options({ hosts: [main.url, backup.url] })],
    imports: [TelemetryModule],
  });
});
afterEach(async () => {
  await app.close();
  await sdk.shutdown();
  await Promise.all([main.stop(), backup.stop()]);
});

const query = () => app.nest.get(OrderQueryService).query({ outTradeNo: 'T1' });
const CALL = {
  'wxpay.merchant': 'default',
  'wxpay.operation': 'order.query',
  'wxpay.api_version': 'v3',
  'wxpay.outcome': 'success',
};
const of = (points: readonly Point[] | undefined, operation: string): readonly Point[] =>
  (points ?? []).filter(({ attributes }) => attributes['wxpay.operation'] === operation);

/** Sum of what a histogram measured. */
const sumOf = (point: Point | undefined) =>
  Number((point?.value as { readonly sum?: number } | undefined)?.sum);

describe('the metrics of WxPayTelemetryModule', () => {
  it('measure calls in seconds, and count their attempts by host and failure', async () => {
    await query();
    main.next({ fault: 'html', status: 502, delayMs: 300 });
    await query();

    const metrics = await sdk.collect();

    expect(of(metrics['wxpay.call.duration'], 'order.query')).toEqual([
      { attributes: CALL, value: expect.objectContaining({ count: 2 }) },
    ]);
    const [measured] = of(metrics['wxpay.call.duration'], 'order.query');
    expect(measured?.value).toMatchObject({
      buckets: { boundaries: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] },
    });
    expect(sumOf(measured)).toBeGreaterThanOrEqual(0.3);
    expect(sumOf(measured)).toBeLessThan(60);
    expect(of(metrics['wxpay.call.attempts'], 'order.query')).toEqual([
      { attributes: { ...CALL, 'wxpay.host': 'main' }, value: 1 },
      {
        attributes: {
          ...CALL,
          'wxpay.outcome': 'failed',
          'error.type': 'transport',
          'wxpay.host': 'main',
        },
        value: 1,
      },
      { attributes: { ...CALL, 'wxpay.host': 'backup' }, value: 1 },
    ]);
  });

  it('count verification failures by reason', async () => {
    await query();
    main.next({ fault: 'wrong-signature' });
    await query();

    const metrics = await sdk.collect();

    expect(metrics['wxpay.verification.failures']).toEqual([
      {
        attributes: {
          'wxpay.merchant': 'default',
          'wxpay.operation': 'order.query',
          'wxpay.reason': 'mismatch',
        },
        value: 1,
      },
    ]);
  });

  it('tell host, certificate and clock of each merchant when they are collected', async () => {
    await query();

    const metrics = await sdk.collect();

    const labels = { 'wxpay.merchant': 'default' };
    expect(metrics['wxpay.host.state']).toEqual([
      { attributes: { ...labels, 'wxpay.host': 'main' }, value: 1 },
      { attributes: { ...labels, 'wxpay.host': 'backup' }, value: 0 },
    ]);
    expect(metrics['wxpay.clock.skew']).toEqual([{ attributes: labels, value: expect.any(Number) }]);
    expect(Math.abs(Number(metrics['wxpay.clock.skew']?.[0]?.value))).toBeLessThan(30);
    expect(metrics['wxpay.certificate.remaining']).toEqual([
      { attributes: labels, value: expect.any(Number) },
    ]);
    const expiresAt = main.platformCertificates[0]?.expiresAt.getTime() ?? 0;
    const remaining = Number(metrics['wxpay.certificate.remaining']?.[0]?.value);
    expect(Math.abs(remaining - (expiresAt - Date.now()) / 1_000)).toBeLessThan(60);
  });

  it('are 0 for the hosts and the clock of a merchant that is no longer registered', async () => {
    await query();
    await sdk.collect();
    app.nest.get(WxPayMerchants).unregister('default');

    const metrics = await sdk.collect();

    expect(metrics['wxpay.host.state']?.map(({ value }) => value)).toEqual([0, 0]);
    expect(metrics['wxpay.clock.skew']?.map(({ value }) => value)).toEqual([0]);
  });

  it('count notifications by event and outcome', async () => {
    main.orders.pay('T1');
    const url = `${await app.nest.getUrl()}/notify`;
    await main.notify('T1', url);
    await main.notify('T1', url, { fault: 'wrong-signature' });
    app.shop.handle = () => {
      throw new Error('out of stock');
    };
    await main.notify('T1', url);

    const metrics = await sdk.collect();

    const labels = { 'wxpay.merchant': 'default' };
    expect(metrics['wxpay.notifications']).toEqual([
      {
        attributes: { ...labels, 'wxpay.event_type': 'TRANSACTION.SUCCESS', 'wxpay.outcome': 'accepted' },
        value: 1,
      },
      { attributes: { ...labels, 'wxpay.outcome': 'unverified' }, value: 1 },
      {
        attributes: { ...labels, 'wxpay.event_type': 'TRANSACTION.SUCCESS', 'wxpay.outcome': 'failed' },
        value: 1,
      },
    ]);
  });

  it('count notifications of unknown events together, because a tenant can sign any', async () => {
    main.orders.pay('T1');
    const url = `${await app.nest.getUrl()}/notify`;
    for (const eventType of ['PAYSCORE.1', 'PAYSCORE.2']) {
      await main.notify('T1', url, { eventType, resource: { openid: 'oBob' } });
    }

    const metrics = await sdk.collect();

    const labels = { 'wxpay.merchant': 'default', 'wxpay.outcome': 'accepted' };
    expect(metrics['wxpay.notifications']).toEqual([
      { attributes: { ...labels, 'wxpay.event_type': '_OTHER' }, value: 2 },
    ]);
  });

  it.each(['TRANSACTION.FAIL', 'REFUND.SUCCESS', 'REFUND.ABNORMAL', 'REFUND.CLOSED'])(
    'count notifications of %s by their name',
    async (eventType) => {
      const event: NotificationEvent = { merchant: 'default', eventType, outcome: 'accepted', status: 204 };
      channel(WXPAY_CHANNELS.notification).publish(event);

      const metrics = await sdk.collect();

      const labels = { 'wxpay.merchant': 'default', 'wxpay.outcome': 'accepted' };
      expect(metrics['wxpay.notifications']).toEqual([
        { attributes: { ...labels, 'wxpay.event_type': eventType }, value: 1 },
      ]);
    },
  );

  it('count settled orders by outcome, and measure their lateness', async () => {
    const orderSettle = app.nest.get(OrderSettleService);
    const expiresAt = new Date(Date.now() - 90_000);
    await orderSettle.settle({ outTradeNo: 'T1' }, { expiresAt });
    await orderSettle.settle({ outTradeNo: 'T2' }, { createdAt: new Date() });

    const metrics = await sdk.collect();

    const attributes = { 'wxpay.merchant': 'default', 'wxpay.outcome': 'closed' };
    expect(metrics['wxpay.orders.settled']).toEqual([{ attributes, value: 1 }]);
    expect(metrics['wxpay.order.settle.lateness']).toEqual([
      { attributes, value: expect.objectContaining({ count: 1 }) },
    ]);
    const sum = sumOf(metrics['wxpay.order.settle.lateness']?.[0]);
    expect(sum).toBeGreaterThanOrEqual(90);
    expect(sum).toBeLessThan(150);
  });

  it('count the jobs that something else completed', async () => {
    channel(WXPAY_CHANNELS.lostCompletion).publish({ merchant: 'default', jobId: 'd-T1' });

    const metrics = await sdk.collect();

    expect(metrics['wxpay.tracking.lost_completions']).toEqual([
      { attributes: { 'wxpay.merchant': 'default' }, value: 1 },
    ]);
  });
});
