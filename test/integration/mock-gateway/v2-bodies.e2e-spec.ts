import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WxPayMerchants, type WxPayMerchant } from 'nestjs-wxpay';
import type { MockWxPayGateway, MockPayment, NewMockOrder } from 'nestjs-wxpay/testing';
import { handSignV2, isGenuineV2, sendV2, type V2Claims } from '../../support/signing/hand-signed-v2.js';
import { readV2GatewayReplies } from '../../support/fixtures/v2-samples.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const BODIES = readV2GatewayReplies();
const SUB_MCHID = '1900000109';
const CLOSE = '/pay/closeorder';
const REVERSE = '/secapi/pay/reverse';
const PAYMENT: MockPayment = {
  openid: 'oAlice',
  bankType: 'CFT',
  at: new Date('2026-01-01T12:00:00+08:00'),
};
const EIGHT_DAYS_AGO = new Date(Date.now() - 8 * 86_400_000);
const COUPON = [{ couponId: '109520', type: 'NOCASH', amount: 10 }];
const merchants = new WxPayMerchants();
let gateway: MockWxPayGateway;
let merchant: WxPayMerchant;
let serial = 0;

beforeAll(async () => {
  gateway = await startGateway({ https: true, ageRules: false });
  merchant = merchants.register('v2', gateway.optionsV2());
});
afterAll(async () => {
  await gateway.stop();
  await merchants.onModuleDestroy();
});

const place = (order: Partial<NewMockOrder> = {}) =>
  gateway.orders.create({ outTradeNo: `BODY-${++serial}`, amount: { total: 100 }, ...order }).outTradeNo;
const ask = (claims: V2Claims) =>
  sendV2(gateway, { ...handSignV2(gateway, claims), certificate: gateway.clientCertificate });
/** The lines of a reply about that order, with names in place of what differs each time. */
const linesOf = async (no: string, claims: V2Claims) => {
  const { body } = await ask({ ...claims, fields: { out_trade_no: no, ...claims.fields } });
  return body
    .replace(/(<nonce_str><!\[CDATA\[)\w+/, '$1NONCE')
    .replace(/(<sign><!\[CDATA\[)\w+/, '$1SIGN')
    .replace(/(<transaction_id><!\[CDATA\[)\d{28}/, '$1TRANSACTION')
    .replace(`[${no}]`, '[ORDER1]')
    .split('\n');
};

describe('The bodies of MockWxPayGateway over APIv2', () => {
  it.each<[string, Partial<NewMockOrder>, (no: string) => unknown, V2Claims]>([
    ['unpaid', {}, () => undefined, {}],
    ['unpaidWithoutAmount', { bare: true }, () => undefined, {}],
    ['userpaying', { bare: true }, (no) => gateway.orders.setState(no, 'USERPAYING'), {}],
    ['payerror', { bare: true }, (no) => gateway.orders.setState(no, 'PAYERROR'), {}],
    ['paid', {}, (no) => gateway.orders.pay(no, PAYMENT), {}],
    ['refunded', {}, (no) => [gateway.orders.pay(no, PAYMENT), gateway.orders.refund(no)], {}],
    [
      'paidWithCoupon',
      { attach: 'table 7 & 8' },
      (no) => gateway.orders.pay(no, { ...PAYMENT, payerTotal: 90, promotionDetail: COUPON }),
      {},
    ],
    ['notFound', {}, () => undefined, { fields: { out_trade_no: 'NEVER' } }],
    ['closed', {}, () => undefined, { path: CLOSE }],
    [
      'closedForSubMerchant',
      { subMchid: SUB_MCHID },
      () => undefined,
      { path: CLOSE, fields: { sub_mch_id: SUB_MCHID } },
    ],
    ['closeOfPaid', {}, (no) => gateway.orders.pay(no), { path: CLOSE }],
    ['closeWithoutNumber', {}, () => undefined, { path: CLOSE, fields: { out_trade_no: undefined } }],
    ['reversed', { tradeType: 'MICROPAY' }, () => undefined, { path: REVERSE }],
    [
      'reversalExpired',
      { tradeType: 'MICROPAY' },
      (no) => gateway.orders.pay(no, { at: EIGHT_DAYS_AGO }),
      { path: REVERSE },
    ],
    ['wrongSignature', {}, () => undefined, { sign: 'A'.repeat(32) }],
    ['unknownMerchant', {}, () => undefined, { fields: { mch_id: '1900000002' } }],
  ])('are those that WeChat Pay sends: %s', async (name, order, change, claims) => {
    const no = place(order);
    change(no);

    const lines = await linesOf(no, claims);

    expect(lines).toEqual(BODIES[name]?.lines);
  });

  it('are those that WeChat Pay sends to a request that is not XML', async () => {
    const { body } = await sendV2(gateway, { ...handSignV2(gateway), body: '{}' });

    expect(body.split('\n')).toEqual(BODIES['notXml']?.lines);
  });

  it('leave an empty field out of the signature', async () => {
    const reply = await ask({ path: CLOSE, fields: { out_trade_no: place() } });

    expect(reply.fields).toMatchObject({ sub_mch_id: '' });
    expect(isGenuineV2(gateway, reply)).toBe(true);
  });

  it.each(['a]]>b', 'a\rb', '<茶 & tea>'])('carry %j unchanged', async (attach) => {
    const outTradeNo = place({ attach });

    const order = await merchant.orderQuery.query({ outTradeNo });

    expect(order.attach).toBe(attach);
  });
});
