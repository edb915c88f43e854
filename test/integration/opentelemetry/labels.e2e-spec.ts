import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { WxPayMerchants } from 'nestjs-wxpay';
import { WxPayTelemetryModule } from 'nestjs-wxpay/opentelemetry';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { readPage } from '../../docs/markdown.js';
import { startNotificationApp, type NotificationApp } from '../../support/harness/notification-app.js';
import { OpenTelemetry } from '../../support/harness/open-telemetry.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const SUB_MCHID = '1900000109';
const OF_CALLS = [
  'wxpay.merchant',
  'wxpay.operation',
  'wxpay.api_version',
  'wxpay.outcome',
  'error.type',
] as const;
/** Labels of each metric, as docs/operations.md has them. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  'wxpay.call.duration': OF_CALLS,
  'wxpay.call.attempts': [...OF_CALLS, 'wxpay.host'],
  'wxpay.verification.failures': ['wxpay.merchant', 'wxpay.operation', 'wxpay.reason'],
  'wxpay.host.state': ['wxpay.merchant', 'wxpay.host'],
  'wxpay.clock.skew': ['wxpay.merchant'],
  'wxpay.notifications': ['wxpay.merchant', 'wxpay.event_type', 'wxpay.outcome'],
  'wxpay.orders.settled': ['wxpay.merchant', 'wxpay.outcome'],
  'wxpay.order.settle.lateness': ['wxpay.merchant', 'wxpay.outcome'],
};

describe('the labels of metrics', () => {
  let sdk: OpenTelemetry;
  let gateway: MockWxPayGateway;
  let app: NotificationApp;

  beforeEach(async () => {
    sdk = new OpenTelemetry();
    gateway = await startGateway({ ageRules: false });
    const { meterProvider, tracerProvider } = sdk;
    // What spans may have on request, metrics must not.
    const telemetry = WxPayTelemetryModule.forRoot({
      meterProvider,
      tracerProvider,
      includeOrderNumber: true,
    });
    @Module({ imports: [telemetry] })
    class TelemetryModule {}
    app = await startNotificationApp({
      adapter: 'Express',
      merchants: [gateway.options()],
      imports: [TelemetryModule],
    });
  });
  afterEach(async () => {
    await app.close();
    await sdk.shutdown();
    await gateway.stop();
  });

  it('are those that docs/operations.md lists, also after calls for a sub-merchant', async () => {
    const { orderQuery, orderSettle, refunds } = app.nest.get(WxPayMerchants).get();
    const of = (outTradeNo: string) => ({ outTradeNo, subMchid: SUB_MCHID });
    for (const outTradeNo of ['PAID', 'OPEN']) {
      gateway.orders.create({ ...of(outTradeNo), amount: { total: 1 } });
    }
    gateway.orders.pay(of('PAID'));
    await orderQuery.query(of('PAID'));
    await orderSettle.settle(of('OPEN'), { expiresAt: new Date(Date.now() - 90_000) });
    await refunds.refund({ ...of('PAID'), outRefundNo: 'R1', amount: { refund: 1, total: 1 } });
    await orderQuery.query(of('UNKNOWN')).catch(() => undefined);
    gateway.next({ fault: 'wrong-signature' });
    await orderQuery.query(of('PAID')).catch(() => undefined);
    await gateway.notify(of('PAID'), `${await app.nest.getUrl()}/notify`);

    const metrics = await sdk.collect();

    const found = Object.entries(metrics).map(([name, points]): [string, string[]] => [
      name,
      points.flatMap(({ attributes }) => Object.keys(attributes)),
    ]);
    expect(found.map(([name]) => name).toSorted()).toEqual(Object.keys(LABELS).toSorted());
    for (const [name, labels] of found) {
      expect([name, [...new Set(labels)].toSorted()]).toEqual([name, [...(LABELS[name] ?? [])].toSorted()]);
    }
    expect(JSON.stringify(metrics)).not.toContain(SUB_MCHID);
  });

  it('are documented', () => {
    const page = readPage('docs/operations.md');

    for (const label of new Set(Object.values(LABELS).flat())) expect(page).toContain(`\`${label}\``);
  });
});
