import { describe, expect, it } from '@jest/globals';
import { WxPayApiError, WxPayTransportError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { paidOrder } from '../../support/harness/paid-order.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox();
const paid = () => paidOrder(sandbox.gateway);
const bodiesOf = (outTradeNo: string): readonly string[] =>
  sandbox.gateway.requests
    .filter((each) => each.operation === 'refund.create' && each.outTradeNo === outTradeNo)
    .map(({ body }) => body);

describe('RefundService.refund over APIv3', () => {
  it('has a part of an order refunded, which is accepted and not done', async () => {
    const { outTradeNo, transactionId, request } = paid();

    const refund = await sandbox.merchant.refunds.refund({ ...request, reason: '商品已售完' });

    expect(refund).toMatchObject({
      refundId: expect.stringMatching(/^5\d{28}$/),
      outRefundNo: request.outRefundNo,
      transactionId,
      outTradeNo,
      status: 'PROCESSING',
      channel: 'ORIGINAL',
      amount: { refund: 30, total: 100, payerRefund: 30, currency: 'CNY' },
      createdAt: expect.any(Date),
    });
    expect(Object.keys(refund)).not.toContain('raw');
    expect(refund.raw).toMatchObject({ status: 'PROCESSING' });
    expect(sandbox.gateway.orders.get(outTradeNo)?.tradeState).toBe('REFUND');
    expect(JSON.parse(bodiesOf(outTradeNo)[0] ?? '')).toEqual({
      out_trade_no: outTradeNo,
      out_refund_no: request.outRefundNo,
      reason: '商品已售完',
      amount: { refund: 30, total: 100, currency: 'CNY' },
    });
  });

  it('sends every field that the page documents', async () => {
    const { transactionId, outTradeNo, request } = paid();

    await sandbox.merchant.refunds.refund({
      ...request,
      transactionId,
      outTradeNo: undefined,
      notifyUrl: 'https://shop.example/refunds',
      fundsAccount: 'AVAILABLE',
      amount: {
        refund: 30,
        total: 100,
        currency: 'CNY',
        from: [
          { account: 'AVAILABLE', amount: 10 },
          { account: 'UNAVAILABLE', amount: 20 },
        ],
      },
      goodsDetail: [
        {
          merchantGoodsId: 'tea-1',
          wechatpayGoodsId: '1001',
          goodsName: '茶',
          unitPrice: 30,
          refundAmount: 30,
          refundQuantity: 1,
        },
      ],
    });

    expect(JSON.parse(bodiesOf(outTradeNo)[0] ?? '')).toEqual({
      transaction_id: transactionId,
      out_refund_no: request.outRefundNo,
      notify_url: 'https://shop.example/refunds',
      funds_account: 'AVAILABLE',
      amount: {
        refund: 30,
        from: [
          { account: 'AVAILABLE', amount: 10 },
          { account: 'UNAVAILABLE', amount: 20 },
        ],
        total: 100,
        currency: 'CNY',
      },
      goods_detail: [
        {
          merchant_goods_id: 'tea-1',
          wechatpay_goods_id: '1001',
          goods_name: '茶',
          unit_price: 30,
          refund_amount: 30,
          refund_quantity: 1,
        },
      ],
    });
  });

  it('takes refundNotifyUrl of the merchant, never notifyUrl', async () => {
    const merchant = sandbox.merchantWith({
      notifyUrl: 'https://shop.example/paid',
      refundNotifyUrl: 'https://shop.example/refunded',
    });
    const withoutOne = sandbox.merchantWith({
      notifyUrl: 'https://shop.example/paid',
      refundNotifyUrl: undefined,
    });
    const [first, second] = [paid(), paid()];

    await merchant.refunds.refund(first.request);
    await withoutOne.refunds.refund(second.request);

    expect(bodiesOf(first.outTradeNo)[0]).toContain('"notify_url":"https://shop.example/refunded"');
    expect(bodiesOf(second.outTradeNo)[0]).not.toContain('notify_url');
  });

  it('refunds the order of a sub-merchant, by its own number', async () => {
    const order = { outTradeNo: 'SUB-1', subMchid: '1900000109' };
    sandbox.gateway.orders.create({ ...order, amount: { total: 5 } });
    sandbox.gateway.orders.pay(order);
    const request = { ...order, outRefundNo: 'R-SUB-1', amount: { refund: 5, total: 5 } };

    const refund = await sandbox.merchant.refunds.refund(request);
    const queried = await sandbox.merchant.refunds.query(refund);

    expect(refund).toMatchObject({ subMchid: '1900000109', status: 'PROCESSING' });
    expect(queried).toEqual(refund);
    expect(sandbox.gateway.requests.at(-1)?.path).toBe(
      '/v3/refund/domestic/refunds/R-SUB-1?sub_mchid=1900000109',
    );
  });

  it('asks again for a lost reply, with the same bytes, and refunds once', async () => {
    const { outTradeNo, request } = paid();
    sandbox.gateway.next({ fault: 'reset', when: { operation: 'refund.create' } });

    const refund = await sandbox.merchant.refunds.refund(request);

    const bodies = bodiesOf(outTradeNo);
    expect([bodies.length, new Set(bodies).size]).toEqual([2, 1]);
    expect(refund.status).toBe('PROCESSING');
    expect(sandbox.gateway.refunds.list().filter((each) => each.outTradeNo === outTradeNo)).toHaveLength(1);
  });

  it('says after a lost outcome that the same request may be sent again', async () => {
    const { outTradeNo, request } = paid();
    const impatient = sandbox.merchantWith({ maxAttempts: 1 });
    sandbox.gateway.next({ fault: 'reset', when: { operation: 'refund.create' } });

    const error = await failureOf(WxPayTransportError, impatient.refunds.refund(request));
    const refund = await impatient.refunds.refund(request);

    expect(error).toMatchObject({ outcomeUnknown: true, retryable: true });
    expect(error.message).toContain('send the same outRefundNo with the same content again');
    expect(refund.outTradeNo).toBe(outTradeNo);
    expect(sandbox.gateway.refunds.list().filter((each) => each.outTradeNo === outTradeNo)).toHaveLength(1);
  });

  it('marks a refusal after a lost reply as retryable, because the same request sent again returns the refund', async () => {
    const { outTradeNo, request } = paid();
    const when = { operation: 'refund.create', outTradeNo };
    sandbox.gateway.next({ when, fault: 'reset' });
    sandbox.gateway.next({ when, status: 403, code: 'NOT_ENOUGH' });

    const error = await failureOf(WxPayApiError, sandbox.merchant.refunds.refund(request));

    expect(error).toMatchObject({ code: 'NOT_ENOUGH', outcomeUnknown: true, retryable: true });
    await expect(sandbox.merchant.refunds.refund(request)).resolves.toMatchObject({ status: 'PROCESSING' });
  });

  it.each([
    [400, 'PARAM_ERROR', 'request'],
    [400, 'SYSTEM_ERROR', 'gateway'],
    [403, 'NOT_ENOUGH', 'account'],
    [403, 'REQUEST_BLOCKED', 'unknown'],
    [404, 'MCH_NOT_EXISTS', 'credentials'],
  ])('does not repeat a refund that was refused with %d %s', async (status, code, kind) => {
    const { outTradeNo, request } = paid();
    sandbox.gateway.next({ status, code, when: { operation: 'refund.create', outTradeNo } });

    const error = await failureOf(WxPayApiError, sandbox.merchant.refunds.refund(request));

    expect(error).toMatchObject({ code, kind });
    expect(bodiesOf(outTradeNo)).toHaveLength(1);
  });

  it('does not repeat it after a page of a proxy with 403, which says nothing about the refund', async () => {
    const { outTradeNo, request } = paid();
    sandbox.gateway.next({ fault: 'html', status: 403, when: { operation: 'refund.create', outTradeNo } });

    const error = await failureOf(WxPayTransportError, sandbox.merchant.refunds.refund(request));

    expect(error).toMatchObject({ httpStatus: 403, outcomeUnknown: true, retryable: true });
    expect(bodiesOf(outTradeNo)).toHaveLength(1);
  });

  it.each([
    ['a rate limit', { status: 429, code: 'FREQUENCY_LIMITED', headers: { 'Retry-After': '0' } }],
    ['a failure of WeChat Pay', { status: 500, code: 'SYSTEM_ERROR' }],
    ['an unsigned success', { fault: 'unsigned' }],
    ['a success with a wrong signature', { fault: 'wrong-signature' }],
    ['an old success', { fault: 'timestamp', secondsOff: -400 }],
  ] as const)('repeats it after %s', async (_, behaviour) => {
    const { outTradeNo, request } = paid();
    sandbox.gateway.next({ ...behaviour, when: { operation: 'refund.create', outTradeNo } });

    const refund = await sandbox.merchant.refunds.refund(request);

    expect(refund.outRefundNo).toBe(request.outRefundNo);
    expect(bodiesOf(outTradeNo)).toHaveLength(2);
  });

  it('does not conclude from a refusal that an earlier attempt was without effect', async () => {
    const { outTradeNo, request } = paid();
    const when = { operation: 'refund.create', outTradeNo };
    sandbox.gateway.next({ fault: 'reset', when });
    sandbox.gateway.next({ status: 403, code: 'USER_ACCOUNT_ABNORMAL', when });

    const error = await failureOf(WxPayApiError, sandbox.merchant.refunds.refund(request));

    expect(error).toMatchObject({ kind: 'order-state', outcomeUnknown: true });
  });
});
