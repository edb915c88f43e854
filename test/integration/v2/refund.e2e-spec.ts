import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import {
  WxPayApiError,
  WxPayConfigError,
  WxPayInputError,
  WxPayMerchants,
  WxPayProtocolError,
  WxPaySignatureError,
  WxPayTransportError,
  type WxPayMerchant,
  type WxPayV2Options,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { paidOrder } from '../../support/harness/paid-order.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const merchants = new WxPayMerchants();
let gateway: MockWxPayGateway;
let merchant: WxPayMerchant;
let registrations = 0;

beforeAll(async () => {
  gateway = await startGateway({ https: true });
  merchant = merchants.register('default', gateway.optionsV2());
});
afterAll(async () => {
  await gateway.stop();
  await merchants.onModuleDestroy();
});

const merchantWith = (overrides: Partial<WxPayV2Options>): WxPayMerchant =>
  merchants.register(`other-${++registrations}`, gateway.optionsV2({ ...overrides, sharedMchid: true }));
const paid = () => paidOrder(gateway);
const requestsOf = (operation: string, outTradeNo: string) =>
  gateway.requests.filter((each) => each.operation === operation && each.outTradeNo === outTradeNo);
const withoutNonce = (xml: string): string => xml.replaceAll(/<(nonce_str|sign)>[^<]*<\/\1>/g, '');

describe('RefundService.refund over APIv2', () => {
  it('has a part of an order refunded over mTLS; accepted is all that the reply says', async () => {
    const { outTradeNo, transactionId, request } = paid();

    const refund = await merchant.refunds.refund({
      ...request,
      amount: { ...request.amount, currency: 'CNY' },
      reason: '商品已售完',
      fundsAccount: 'AVAILABLE',
      notifyUrl: 'https://shop.example/refunds',
    });

    expect(refund).toMatchObject({
      refundId: expect.stringMatching(/^5\d{28}$/),
      outRefundNo: request.outRefundNo,
      transactionId,
      outTradeNo,
      status: 'PROCESSING',
      amount: { refund: 30, total: 100, payerTotal: 100, payerRefund: 30, currency: 'CNY' },
    });
    expect(refund.raw).toMatchObject({ refund_fee: '30' });
    const [sent] = requestsOf('refund.create', outTradeNo);
    expect(sent?.path).toBe('/secapi/pay/refund');
    for (const field of [
      '<refund_fee>30</refund_fee>',
      '<total_fee>100</total_fee>',
      '<refund_fee_type>CNY</refund_fee_type>',
      '<refund_desc>商品已售完</refund_desc>',
      '<refund_account>REFUND_SOURCE_RECHARGE_FUNDS</refund_account>',
      '<notify_url>https://shop.example/refunds</notify_url>',
    ]) {
      expect(sent?.body).toContain(field);
    }
  });

  it('refunds by the number of WeChat Pay, and the order of a sub-merchant', async () => {
    const { transactionId, request } = paid();
    const order = { outTradeNo: 'SUB-1', subMchid: '1900000109' };
    gateway.orders.create({ ...order, amount: { total: 5 } });
    gateway.orders.pay(order);
    const { outRefundNo, amount } = request;

    const byNumber = await merchant.refunds.refund({ transactionId, outRefundNo, amount });
    const ofSub = await merchant.refunds.refund({
      ...order,
      outRefundNo: 'R-SUB-1',
      amount: { refund: 5, total: 5 },
    });
    const queried = await merchant.refunds.query(ofSub);

    expect(byNumber).toMatchObject({ outRefundNo, transactionId });
    expect(ofSub).toMatchObject({ subMchid: '1900000109', outTradeNo: 'SUB-1' });
    expect(queried).toMatchObject({ subMchid: '1900000109', outRefundNo: 'R-SUB-1', status: 'PROCESSING' });
  });

  it('asks again for a lost reply with the same fields, and refunds once', async () => {
    const { outTradeNo, request } = paid();
    gateway.next({ fault: 'reset', when: { operation: 'refund.create' } });

    await merchant.refunds.refund(request);

    const bodies = requestsOf('refund.create', outTradeNo).map(({ body }) => withoutNonce(body));
    expect([bodies.length, new Set(bodies).size]).toEqual([2, 1]);
    expect(gateway.refunds.list().filter((each) => each.outTradeNo === outTradeNo)).toHaveLength(1);
  });

  it.each(['SYSTEMERROR', 'BIZERR_NEED_RETRY'])('sends the same refund again after %s', async (code) => {
    const { outTradeNo, request } = paid();
    gateway.next({ status: 200, code, when: { operation: 'refund.create' } });

    await merchant.refunds.refund(request);

    expect(requestsOf('refund.create', outTradeNo)).toHaveLength(2);
  });

  it('says after a lost outcome that the same request may be sent again', async () => {
    const { request } = paid();
    gateway.next({ fault: 'reset', when: { operation: 'refund.create' } });

    const error = await failureOf(
      WxPayTransportError,
      merchantWith({ maxAttempts: 1 }).refunds.refund(request),
    );

    expect(error).toMatchObject({ outcomeUnknown: true, retryable: true });
    expect(error.message).toContain('send the same outRefundNo with the same content again');
  });

  it('needs the client certificate to refund, and none to query', async () => {
    const { request } = paid();
    await merchant.refunds.refund(request);
    const { clientCertificate } = gateway.optionsV2();
    const plain = await startGateway();
    const bare = merchants.register('bare', plain.optionsV2({ sharedMchid: true }));

    const error = await failureOf(WxPayConfigError, bare.refunds.refund(request));
    const refusal = await failureOf(WxPayApiError, bare.refunds.query(request));

    expect(clientCertificate).toBeDefined();
    expect(error.message).toContain('set clientCertificate to { cert, key }');
    expect(plain.requests).toHaveLength(1);
    expect(refusal).toMatchObject({ code: 'REFUNDNOTEXIST', kind: 'refund-not-found' });
    await plain.stop();
  });

  it.each([
    ['amount.from', { amount: { refund: 30, total: 100, from: [{ account: 'AVAILABLE', amount: 30 }] } }],
    [
      'goodsDetail',
      { goodsDetail: [{ merchantGoodsId: 'g', unitPrice: 1, refundAmount: 1, refundQuantity: 1 }] },
    ],
  ] as const)('refuses %s, which only APIv3 has', async (field, change) => {
    const { request } = paid();

    const error = await failureOf(WxPayInputError, merchant.refunds.refund({ ...request, ...change }));

    expect(error.field).toBe(field);
  });

  it.each([
    ['NOTENOUGH', 'account', 500],
    ['USER_ACCOUNT_ABNORMAL', 'order-state', 409],
    ['TRADE_OVERDUE', 'order-state', 409],
    ['ERROR', 'order-state', 409],
    ['INVALID_REQ_TOO_MUCH', 'rate-limited', 503],
  ])('does not repeat a refund that was refused with %s', async (code, kind) => {
    const { outTradeNo, request } = paid();
    gateway.next({ status: 200, code, when: { operation: 'refund.create', outTradeNo } });

    const error = await failureOf(WxPayApiError, merchant.refunds.refund(request));

    expect(error.kind).toBe(kind);
    expect(requestsOf('refund.create', outTradeNo)).toHaveLength(1);
  });

  it.each([
    ['another refund', { out_refund_no: 'OTHER' }, '$.out_refund_no'],
    ['another order', { out_trade_no: 'OTHER' }, '$.out_trade_no'],
    ['another amount', { refund_fee: '31' }, '$.refund_fee'],
    ['an order of another total', { total_fee: '99' }, '$.total_fee'],
    ['another merchant', { mch_id: '1900000009' }, '$.mch_id'],
    ['hidden fields', { out_refund_no: 'R&refund_fee=1' }, '$.out_refund_no'],
    ['a query', { refund_id: '', refund_id_0: '50' }, '$.refund_id'],
  ])('refuses a signed reply about %s', async (_, change, path) => {
    const { outTradeNo, transactionId, request } = paid();
    const body = {
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      mch_id: '1900000001',
      nonce_str: 'n',
      transaction_id: transactionId,
      out_trade_no: outTradeNo,
      out_refund_no: request.outRefundNo,
      refund_id: '50',
      refund_fee: '30',
      total_fee: '100',
      ...change,
    };
    for (let n = 0; n < 2; n++) {
      gateway.next({ reply: { status: 200, body }, when: { operation: 'refund.create', outTradeNo } });
    }

    const error = await failureOf(WxPayProtocolError, merchant.refunds.refund(request));

    expect(error).toMatchObject({ path, outcomeUnknown: true });
  });

  it.each(['unsigned', 'wrong-signature', 'downgraded'] as const)('trusts no %s reply', async (fault) => {
    const { request } = paid();
    gateway.next({ fault, when: { operation: 'refund.create' } });

    const error = await failureOf(
      WxPaySignatureError,
      merchantWith({ maxAttempts: 1 }).refunds.refund(request),
    );

    expect(error).toMatchObject({ outcomeUnknown: true, retryable: true });
  });
});
