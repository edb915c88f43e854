import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent } from 'node:https';
import { WxPayConfigError, WxPayMerchants, type NewOrder, type WxPayMerchant } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { DAY, payOrders } from '../../support/harness/day-of-trade.js';
import { paidOrder } from '../../support/harness/paid-order.js';
import { newOrder, OPENID } from '../../support/harness/placing.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const APIS = ['v3', 'v2'] as const;
const REFUND_URL = 'https://shop.example/refunds';
const merchants = new WxPayMerchants();
let gateway: MockWxPayGateway;

beforeAll(async () => {
  gateway = await startGateway({ https: true, ageRules: false });
  const shared = { sharedMchid: true, refundNotifyUrl: REFUND_URL };
  const httpsAgent = new Agent({ keepAlive: true, ca: gateway.certificate });
  merchants.register('v3', gateway.options({ ...shared, httpsAgent, appid: 'wx8888888888888888' }));
  merchants.register('v2', gateway.optionsV2(shared));
  merchants.register(
    'v3-little',
    gateway.options({ sharedMchid: true, apiV3Key: undefined, appid: undefined }),
  );
  merchants.register('v2-little', gateway.optionsV2({ sharedMchid: true, clientCertificate: undefined }));
  payOrders(gateway, [100]);
});
afterAll(async () => {
  await gateway.stop();
  await merchants.onModuleDestroy();
});

/** An order that the gateway knows, and that is not paid. */
function unpaid(): NewOrder {
  const order = newOrder();
  gateway.orders.create(order);
  return order;
}

/** Places an order at the counter, and charges the payment code of a customer. */
function charge({ codePay }: WxPayMerchant, order = newOrder()) {
  const authCode = gateway.customer.showCode();
  return codePay.pay({ ...order, authCode, storeInfo: { outId: 'S1' } });
}

const CALLS: [string, (merchant: WxPayMerchant) => Promise<unknown>, object | undefined][] = [
  ['queries an order', ({ orderQuery }) => orderQuery.query(unpaid()), { tradeState: 'NOTPAY' }],
  [
    'shares a query',
    ({ orderQuery }) => orderQuery.query(unpaid(), { share: true }),
    { tradeState: 'NOTPAY' },
  ],
  ['closes an order', ({ orderClose }) => orderClose.close(unpaid()), undefined],
  ['settles an order', ({ orderSettle }) => orderSettle.settle(unpaid()), { outcome: 'closed' }],
  [
    'places an order, and signs the parameters of its page',
    ({ prepay }) => prepay.jsapi(newOrder({ payer: { openid: OPENID } })),
    { pay: { paySign: expect.any(String) } },
  ],
  ['charges a payment code', (merchant) => charge(merchant), { order: { tradeState: 'SUCCESS' } }],
  [
    'reverses a payment by code',
    async (merchant) => {
      const order = newOrder();
      await charge(merchant, order);
      return merchant.orderReverse.reverse({ outTradeNo: order.outTradeNo });
    },
    { outcome: 'reversed' },
  ],
  [
    'reads a bill',
    async ({ bills }) => {
      await using bill = await bills.trade({ date: DAY });
      return bill.summary;
    },
    { count: 1, total: 100 },
  ],
  ['tests itself', (merchant) => merchant.selfTest(), undefined],
];

describe.each(APIS)('a merchant of API%s', (api) => {
  it.each(CALLS)('%s', async (_, call, expected) => {
    const result = await call(merchants.get(api));

    if (expected === undefined) expect(result).toBeUndefined();
    else expect(result).toMatchObject(expected);
  });

  it('refunds an order, and asks for a notification at the URL of its options', async () => {
    const { request } = paidOrder(gateway);

    const refund = await merchants.get(api).refunds.refund(request);

    expect(refund).toMatchObject({ amount: { refund: 30, total: 100 } });
    const { body } = gateway.requests.findLast(({ operation }) => operation === 'refund.create') ?? {};
    expect(body).toContain(REFUND_URL);
  });

  it('shows in its health what its API tells: the expiry of a client certificate, or the offset of the clock', async () => {
    const merchant = merchants.get(api);
    await merchant.selfTest();

    const { certificateExpiresAt, clockOffsetMs } = merchant.health();

    expect(certificateExpiresAt).toEqual(api === 'v2' ? expect.any(Date) : undefined);
    expect(clockOffsetMs).toEqual(api === 'v3' ? expect.any(Number) : undefined);
  });
});

describe('a merchant of APIv3', () => {
  it('places and queries a combine order', async () => {
    const { combineOrder } = merchants.get('v3');
    const part = { ...newOrder(), mchid: '1900000001', attach: 'table 7' };

    const { ref } = await combineOrder.native({
      combineOutTradeNo: 'COMBINE-1',
      subOrders: [part, { ...part, outTradeNo: 'COMBINE-1-2' }],
    });

    expect(ref).toMatchObject({ combineOutTradeNo: 'COMBINE-1' });
    await expect(combineOrder.query('COMBINE-1')).resolves.toMatchObject({ combineOutTradeNo: 'COMBINE-1' });
  });

  it('calls other endpoints, uploads files and encrypts sensitive fields', async () => {
    const { client } = merchants.get('v3');
    const file = { name: 'a.jpg', content: Buffer.from('picture') };

    await expect(client.upload({ path: '/v3/merchant/media/upload', file })).resolves.toHaveProperty(
      'media_id',
    );
    await expect(client.encrypt('张三')).resolves.toMatchObject({ ciphertext: expect.any(String) });
    await expect(
      client.request({ method: 'GET', path: '/v3/combine-transactions/out-trade-no/COMBINE-1' }),
    ).resolves.toMatchObject({ combine_out_trade_no: 'COMBINE-1' });
  });
});

describe('a merchant of APIv2', () => {
  it('calls other endpoints', async () => {
    const { outTradeNo } = unpaid();

    const reply = await merchants.get('v2').client.request({
      path: '/pay/orderquery',
      fields: { out_trade_no: outTradeNo },
    });

    expect(reply).toMatchObject({ trade_state: 'NOTPAY', out_trade_no: outTradeNo });
  });
});

describe('a merchant that lacks something', () => {
  it.each<[string, string, (merchant: WxPayMerchant) => unknown, string]>([
    [
      'v3-little',
      'the APIv3 key',
      (merchant) => merchant.readNotification({ headers: {}, body: '{}' }),
      'Notifications are encrypted with the APIv3 key: set the option apiV3Key (WXPAY_API_V3_KEY) to the one in the merchant console.',
    ],
    [
      'v3-little',
      'an appid',
      ({ orderReverse }) => orderReverse.reverse({ outTradeNo: 'T20260101' }),
      'Reversing over APIv3 needs the appid that 付款码 orders are placed with: set the option appid (WXPAY_APPID), or codePayReverse: { appid } (WXPAY_CODE_PAY_APPID).',
    ],
    [
      'v2-little',
      'a client certificate for reversals',
      ({ orderReverse }) => orderReverse.reverse({ outTradeNo: 'T20260101' }),
      "Reversing needs the merchant's client certificate: set clientCertificate to { cert, key } from apiclient_cert.pem and apiclient_key.pem.",
    ],
    [
      'v2-little',
      'a client certificate for payments by code',
      (merchant) => charge(merchant),
      "Paying by code needs the means to reverse orders that stay unpaid: the merchant's client certificate: set clientCertificate to { cert, key } from apiclient_cert.pem and apiclient_key.pem.",
    ],
    [
      'v2-little',
      'combine orders',
      ({ combineOrder }) => combineOrder.query('COMBINE-1'),
      "Combine orders exist in APIv3 only: register the merchant with api: 'v3' under a name of its own and use its CombineOrderService.",
    ],
    [
      'v2-little',
      'files',
      ({ client }) =>
        client.upload({
          path: '/v3/merchant/media/upload',
          file: { name: 'a.jpg', content: Buffer.from('a') },
        }),
      "Files are uploaded and downloaded over APIv3 only: register the merchant with api: 'v3' under a name of its own and use its WxPayClient.",
    ],
    [
      'v2-little',
      'sensitive fields',
      ({ client }) => client.encrypt('张三'),
      "Sensitive fields are encrypted like this in APIv3 only: register the merchant with api: 'v3' under a name of its own and use its WxPayClient.",
    ],
  ])('%s: names %s, and what to do', async (name, _, call, fault) => {
    const error = await failureOf(
      WxPayConfigError,
      Promise.resolve().then(() => call(merchants.get(name))),
    );

    expect(error).toMatchObject({ merchant: name, faults: [fault] });
  });
});
