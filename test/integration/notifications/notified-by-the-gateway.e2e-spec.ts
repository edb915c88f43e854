import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway, MockNotificationFault, MockNotificationOptions } from 'nestjs-wxpay/testing';
import {
  ADAPTERS,
  readXml,
  startNotificationApp,
  type NotificationApp,
} from '../../support/harness/notification-app.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

type NotifyOptions = MockNotificationOptions & Partial<MockNotificationFault>;

const SUB_MCHID = '1900000109';

describe.each(ADAPTERS)('@VerifyNotification() on %s, notified by MockWxPayGateway', (adapter) => {
  let gateway: MockWxPayGateway;
  let app: NotificationApp;
  let url: string;

  beforeAll(async () => {
    gateway = await startGateway();
    app = await startNotificationApp({
      adapter,
      merchants: [
        { ...gateway.options(), name: 'v3' },
        { ...gateway.optionsV2(), name: 'v2' },
      ],
      verify: {
        merchant: (context) =>
          context.switchToHttp().getRequest<{ params: { merchant: string } }>().params.merchant,
      },
      path: 'notify/:merchant',
      configure: (nest) => readXml(nest, adapter),
    });
    url = `${await app.nest.getUrl()}/notify`;
    gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
    gateway.orders.pay('A1');
    gateway.orders.create({ outTradeNo: 'S1', subMchid: SUB_MCHID, amount: { total: 7 } });
    gateway.orders.pay('S1');
    const subOrders = ['C1a', 'C1b'].map((outTradeNo) => ({ outTradeNo, amount: { total: 1 } }));
    gateway.combineOrders.create({ combineOutTradeNo: 'C1', subOrders });
    gateway.combineOrders.pay('C1');
  });
  afterAll(async () => {
    await app.close();
    await gateway.stop();
  });
  beforeEach(() => {
    app.shop.received.length = 0;
  });

  const notify = (order: string, options: NotifyOptions = {}) =>
    gateway.notify(order, `${url}/${options.api ?? 'v3'}`, options);

  it.each<[order: string, options: NotifyOptions, resource: object]>([
    ['A1', {}, { outTradeNo: 'A1', tradeState: 'SUCCESS', amount: { total: 100 } }],
    ['S1', {}, { outTradeNo: 'S1', subMchid: SUB_MCHID, amount: { total: 7 } }],
    ['C1', {}, { combineOutTradeNo: 'C1', subOrders: [{ outTradeNo: 'C1a' }, { outTradeNo: 'C1b' }] }],
    ['A1', { eventType: 'REFUND.SUCCESS' }, { outTradeNo: 'A1', status: 'SUCCESS', amount: { refund: 100 } }],
    ['A1', { fault: 'decorated' }, { outTradeNo: 'A1', tradeState: 'SUCCESS', amount: { total: 100 } }],
    ['A1', { api: 'v2' }, { outTradeNo: 'A1', tradeState: 'SUCCESS', amount: { total: 100 } }],
  ])('accepts %s %j', async (order, options, resource) => {
    const reply = await notify(order, options);

    expect(reply.problem).toBeUndefined();
    expect(app.shop.received).toMatchObject([{ resource }]);
  });

  it.each<MockNotificationFault & MockNotificationOptions>([
    { fault: 'unsigned' },
    { fault: 'wrong-signature' },
    { fault: 'wrong-nonce' },
    { fault: 'unknown-serial' },
    { fault: 'probe' },
    { fault: 'tampered-body' },
    { fault: 'tampered-ciphertext' },
    { fault: 'wrong-key' },
    { fault: 'other-merchant' },
    { fault: 'malformed' },
    { fault: 'wrong-types' },
    { fault: 'timestamp', secondsOff: -301 },
    { fault: 'timestamp', secondsOff: 301 },
    { fault: 'missing-header', header: 'Wechatpay-Signature' },
    { fault: 'missing-header', header: 'Wechatpay-Timestamp' },
    { fault: 'missing-header', header: 'Wechatpay-Nonce' },
    { fault: 'missing-header', header: 'Wechatpay-Serial' },
    { api: 'v2', fault: 'unsigned' },
    { api: 'v2', fault: 'wrong-signature' },
    { api: 'v2', fault: 'tampered-body' },
    { api: 'v2', fault: 'downgraded' },
    { api: 'v2', fault: 'other-merchant' },
    { api: 'v2', fault: 'malformed' },
    { api: 'v2', fault: 'wrong-types' },
    { api: 'v2', fault: 'doctype' },
    { api: 'v2', fault: 'duplicate-tag' },
    { api: 'v2', signType: 'MD5', fault: 'downgraded' },
  ])('refuses %j, and accepts the same notification without a fault', async (options) => {
    const refused = await notify('A1', options);
    const { length: handled } = app.shop.received;
    const accepted = await notify('A1', { api: options.api });

    expect([refused.accepted, handled]).toEqual([false, 0]);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(accepted.accepted).toBe(true);
  });
});
