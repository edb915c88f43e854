import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway, MockNotificationFault } from 'nestjs-wxpay/testing';
import { paidOrder } from '../../support/harness/paid-order.js';
import {
  readXml,
  startNotificationApp,
  type NotificationApp,
} from '../../support/harness/notification-app.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

let gateway: MockWxPayGateway;
let app: NotificationApp;
let url: string;

beforeAll(async () => {
  gateway = await startGateway();
  app = await startNotificationApp({
    adapter: 'Express',
    merchants: [
      { ...gateway.options(), name: 'v3' },
      { ...gateway.optionsV2(), name: 'v2' },
    ],
    path: 'notify/:merchant',
    verify: {
      merchant: (context) =>
        context.switchToHttp().getRequest<{ params: { merchant: string } }>().params.merchant,
    },
    configure: (nest) => readXml(nest, 'Express'),
  });
  url = `${await app.nest.getUrl()}/notify`;
});
beforeEach(() => {
  app.shop.received.length = 0;
});
afterAll(async () => {
  await app.close();
  await gateway.stop();
});

/** A refund that has ended. */
function ended(outcome: 'SUCCESS' | 'ABNORMAL' | 'CLOSED' = 'SUCCESS') {
  const { request } = paidOrder(gateway);
  gateway.refunds.create(request);
  return gateway.refunds.settle(request.outRefundNo, outcome);
}

describe.each(['v3', 'v2'] as const)('a refund that the mock gateway notifies of over API%s', (api) => {
  it.each(['SUCCESS', 'ABNORMAL', 'CLOSED'] as const)('reaches the app when it is %s', async (outcome) => {
    const refund = ended(outcome);

    const reply = await gateway.notify(refund, `${url}/${api}`, { api });

    expect(reply).toMatchObject({ accepted: true });
    expect(app.shop.received).toMatchObject([
      {
        merchant: api,
        originalType: 'refund',
        eventType: `REFUND.${outcome}`,
        signed: api === 'v3',
        resource: {
          outRefundNo: refund.outRefundNo,
          refundId: refund.refundId,
          outTradeNo: refund.outTradeNo,
          status: outcome,
          amount: { refund: 30, total: 100 },
        },
      },
    ]);
  });

  it('is not notified of before it has ended', async () => {
    const { request } = paidOrder(gateway);
    gateway.refunds.create(request);

    await expect(
      gateway.notify({ outRefundNo: request.outRefundNo }, `${url}/${api}`, { api }),
    ).rejects.toThrow('has not ended');
    await expect(gateway.notify({ outRefundNo: 'NEVER' }, `${url}/${api}`, { api })).rejects.toThrow(
      'There is no refund "NEVER"',
    );
  });
});

describe('a forged notification of a refund', () => {
  it.each<['v3' | 'v2', MockNotificationFault, number]>([
    ['v3', { fault: 'unsigned' }, 401],
    ['v3', { fault: 'tampered-ciphertext' }, 500],
    ['v3', { fault: 'other-merchant' }, 500],
    ['v3', { fault: 'wrong-types' }, 500],
    ['v2', { fault: 'wrong-key' }, 401],
    ['v2', { fault: 'tampered-ciphertext' }, 401],
    ['v2', { fault: 'other-merchant' }, 500],
    ['v2', { fault: 'wrong-types' }, 500],
    ['v2', { fault: 'malformed' }, 401],
  ])('over API%s with %j is answered %d', async (api, fault, status) => {
    const reply = await gateway.notify(ended(), `${url}/${api}`, { api, ...fault });

    expect(reply).toMatchObject({ accepted: false, status });
    expect(app.shop.received).toEqual([]);
  });
});
