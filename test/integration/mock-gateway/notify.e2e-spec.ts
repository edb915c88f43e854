import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway, type MockNotificationOptions, type MockNotifiedOrder } from 'nestjs-wxpay/testing';
import { selfSignedCertificate } from '../../../lib/testing/keys/self-signed-certificate.js';
import { decrypted, isGenuineV3, useNotifiedApp } from '../../support/harness/notified-app.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const NOW = Date.parse('2026-03-01T12:00:00+08:00');
const SUB_MCHID = '1900000109';

const app = useNotifiedApp();
const certificate = await selfSignedCertificate('127.0.0.1');
const secureApp = useNotifiedApp(certificate);
let gateway: MockWxPayGateway;
let serial = 0;
let no: string;

beforeAll(async () => {
  gateway = await startGateway({ now: () => NOW });
});
afterAll(() => gateway.stop());
beforeEach(() => {
  no = gateway.orders.create({ outTradeNo: `N${++serial}`, amount: { total: 100 }, attach: '茶' }).outTradeNo;
  gateway.orders.pay(no, { openid: 'oAlice' });
});

const notify = (options?: MockNotificationOptions, order: MockNotifiedOrder = no) =>
  gateway.notify(order, app.url, options);
const told = () => decrypted(gateway, app.last);
const envelope = () => JSON.parse(app.last.body) as Record<string, unknown>;

describe('MockWxPayGateway.notify', () => {
  it('posts the payment, signed, in the official envelope', async () => {
    await notify();

    expect(app.last).toMatchObject({ method: 'POST', path: '/notify' });
    expect(app.last.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'wechatpay-timestamp': `${NOW / 1000}`,
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    });
    expect(isGenuineV3(gateway, app.last)).toBe(true);
    expect(envelope()).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      create_time: '2026-03-01T12:00:00+08:00',
      resource_type: 'encrypt-resource',
      event_type: 'TRANSACTION.SUCCESS',
      summary: '支付成功',
      resource: {
        original_type: 'transaction',
        algorithm: 'AEAD_AES_256_GCM',
        ciphertext: expect.any(String),
        associated_data: 'transaction',
        nonce: expect.stringMatching(/^\w{12}$/),
      },
    });
  });

  it.each(['?token=s3cret', '?', '#x'])(
    'sends nothing to a URL with %s, and does not quote it',
    async (end) => {
      const notifying = gateway.notify(no, `${app.url}${end}`);

      await expect(notifying).rejects.toThrow(
        /^WeChat Pay notifies no URL with a query or a fragment: (?!.*s3cret)/,
      );
    },
  );

  it('sends the order as a query returns it', async () => {
    await notify();

    expect(told()).toMatchObject({
      mchid: '1900000001',
      out_trade_no: no,
      transaction_id: gateway.orders.get(no)?.transactionId,
      trade_state: 'SUCCESS',
      attach: '茶',
      payer: { openid: 'oAlice' },
      amount: { total: 100, payer_total: 100 },
    });
  });

  it('takes the order that pay() returns', async () => {
    const { outTradeNo } = gateway.orders.create({ outTradeNo: `${no}p`, amount: { total: 5 } });

    await notify({}, gateway.orders.pay(outTradeNo));

    expect(told()).toMatchObject({ out_trade_no: outTradeNo, amount: { total: 5 } });
  });

  it('sends the payment even if the order was refunded since', async () => {
    gateway.orders.refund(no);

    await notify();

    expect(told()).toMatchObject({ trade_state: 'SUCCESS' });
  });

  it('sends the order of a sub-merchant to the service provider', async () => {
    gateway.orders.create({ outTradeNo: no, subMchid: SUB_MCHID, amount: { total: 7 } });
    gateway.orders.pay({ outTradeNo: no, subMchid: SUB_MCHID });

    await notify({}, { outTradeNo: no, subMchid: SUB_MCHID });

    expect(told()).toMatchObject({ sp_mchid: '1900000001', sub_mchid: SUB_MCHID, amount: { total: 7 } });
  });

  it.each<[string, (combineOutTradeNo: string) => MockNotifiedOrder]>([
    ['its number', (number) => number],
    ['an object', (number) => ({ combineOutTradeNo: number })],
    ['itself', (number) => gateway.combineOrders.pay(number)],
  ])('sends all of a combine order in one notification, named by %s', async (_, nameOf) => {
    const combineOutTradeNo = `${no}c`;
    const subOrders = ['a', 'b'].map((part) => ({ outTradeNo: `${no}${part}`, amount: { total: 3 } }));
    gateway.combineOrders.create({ combineOutTradeNo, subOrders });
    const named = nameOf(combineOutTradeNo);
    if (typeof named === 'string' || !('subOrders' in named)) gateway.combineOrders.pay(combineOutTradeNo);

    await notify({}, named);

    expect(told()).toMatchObject({
      combine_out_trade_no: combineOutTradeNo,
      sub_orders: [{ trade_state: 'SUCCESS' }, { out_trade_no: `${no}b` }],
    });
  });

  it('sends a refund', async () => {
    await notify({ eventType: 'REFUND.SUCCESS' });

    expect(envelope()).toMatchObject({
      event_type: 'REFUND.SUCCESS',
      summary: '退款成功',
      resource: { original_type: 'refund', associated_data: 'refund' },
    });
    expect(told()).toMatchObject({
      out_trade_no: no,
      refund_status: 'SUCCESS',
      amount: { total: 100, refund: 100 },
    });
  });

  it('sends any event type and resource that it is given', async () => {
    await notify({ eventType: 'PAYSCORE.USER_OPEN_SERVICE', resource: { openid: 'oBob' } });

    expect(envelope()).toMatchObject({
      event_type: 'PAYSCORE.USER_OPEN_SERVICE',
      resource: { original_type: 'payscore' },
    });
    expect(told()).toEqual({ openid: 'oBob' });
  });

  it('signs with the key asked for', async () => {
    await using certified = await startGateway({ platformCertificates: true });
    certified.orders.create({ outTradeNo: 'A1', amount: { total: 1 } });
    certified.orders.pay('A1');
    const [first] = certified.platformCertificates;
    const second = await certified.rotateCertificate();

    const serialOf = async (serialNo?: string) => {
      await certified.notify('A1', app.url, { serialNo });
      return app.last.headers['wechatpay-serial'];
    };

    expect(await serialOf()).toBe(second.serialNo);
    expect(await serialOf(first?.serialNo)).toBe(first?.serialNo);
    expect(await serialOf(certified.keys.publicKeyId)).toBe(certified.keys.publicKeyId);
    expect(isGenuineV3(certified, app.last)).toBe(true);
    await expect(serialOf('4A')).rejects.toThrow('There is no platform key "4A" in service.');
  });

  it('reaches an app over HTTPS whose certificate is trusted', async () => {
    const [trusted, untrusted] = [
      await gateway.notify(no, secureApp.url, { ca: certificate.cert }),
      await gateway.notify(no, secureApp.url),
    ];

    expect([trusted.accepted, untrusted.accepted]).toEqual([true, false]);
    expect(untrusted.problem).toMatch(/self.signed/);
    expect(secureApp.received).toHaveLength(1);
  });
});

describe('what MockWxPayGateway.notify refuses', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['There is no order "NEVER" to notify of. Place it first.', () => notify({}, 'NEVER')],
    [
      'There is no order "NEVER" to notify of. Place it first.',
      () => notify({}, { outTradeNo: 'NEVER', subMchid: SUB_MCHID }),
    ],
    [
      'There is no order "NEVER" to notify of. Place it first.',
      () => notify({}, { combineOutTradeNo: 'NEVER' }),
    ],
    [
      'Order "UNPAID" is not paid: WeChat Pay notifies of payments only. Pay it first.',
      () => notify({}, gateway.orders.create({ outTradeNo: 'UNPAID', amount: { total: 1 } })),
    ],
    [
      'Order "WHOLE" is not paid: WeChat Pay notifies of payments only. Pay it first.',
      () =>
        notify(
          {},
          gateway.combineOrders.create({
            combineOutTradeNo: 'WHOLE',
            subOrders: ['1', '2'].map((outTradeNo) => ({ outTradeNo, amount: { total: 1 } })),
          }),
        ),
    ],
    [
      'Combine orders are refunded part by part. Say which in resource.',
      () => notify({ eventType: 'REFUND.SUCCESS' }, gateway.combineOrders.pay('WHOLE')),
    ],
    ['APIv2 has no combine orders. Leave api out.', () => notify({ api: 'v2' }, 'WHOLE')],
    [
      'Notifications of APIv2 have no eventType. Leave it out.',
      () => notify({ api: 'v2', eventType: 'REFUND.SUCCESS' }),
    ],
    ['Invalid URL', () => gateway.notify(no, 'not a url')],
  ])('says: %s', async (message, act) => {
    await expect(act()).rejects.toThrow(message);

    expect(app.received).toEqual([]);
  });
});
