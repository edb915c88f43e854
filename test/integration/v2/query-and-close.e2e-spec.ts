import { describe, expect, it } from '@jest/globals';
import { closeOrder } from '../../../lib/domain/flows/close.js';
import type { CallOptions } from '../../../lib/domain/options.js';
import type { CloseOrderRef } from '../../../lib/domain/order-ref.js';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useV2Sandbox } from '../../support/harness/v2-sandbox.js';
import { common, respondXml, V2_MERCHANT } from '../../support/servers/v2-server.js';

const sandbox = useV2Sandbox();
const close = (ref: CloseOrderRef, options: CallOptions = {}) => closeOrder(sandbox.orders, ref, options);
const UNPAID = { trade_state: 'NOTPAY', trade_state_desc: '订单未支付' };
const PAID = {
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  transaction_id: '1008450740201411110005820873',
  trade_type: 'NATIVE',
  bank_type: 'CCB_DEBIT',
  total_fee: '990',
  cash_fee: '900',
  coupon_fee: '90',
  coupon_count: '1',
  coupon_id_0: '10000',
  coupon_type_0: 'NO_CASH',
  coupon_fee_0: '90',
  openid: 'oUpF8uN95-Ptaags6E_roPHg7AG0',
  time_end: '20260102110405',
};

describe('V2OrderApi.query', () => {
  it('returns an order that is not paid yet', async () => {
    sandbox.server.orders.set('unpaid', { ...UNPAID, attach: '<table> & "7"' });

    const order = await sandbox.orders.query({ outTradeNo: 'unpaid' });

    expect({ ...order }).toEqual({
      mchid: V2_MERCHANT.mchid,
      appid: V2_MERCHANT.appid,
      outTradeNo: 'unpaid',
      tradeState: 'NOTPAY',
      tradeStateDesc: '订单未支付',
      attach: '<table> & "7"',
    });
  });

  it('returns a paid order, by either number', async () => {
    sandbox.server.orders.set('paid', PAID);

    const byOurs = await sandbox.orders.query({ outTradeNo: 'paid' });
    const byTheirs = await sandbox.orders.query({ transactionId: PAID.transaction_id });

    expect(byOurs).toMatchObject({
      tradeState: 'SUCCESS',
      transactionId: PAID.transaction_id,
      amount: { total: 990, payerTotal: 900, currency: 'CNY', payerCurrency: 'CNY' },
      payer: { openid: PAID.openid },
      successTime: new Date('2026-01-02T03:04:05Z'),
      promotionDetail: [{ couponId: '10000', type: 'NOCASH', amount: 90 }],
    });
    expect(byTheirs).toEqual(byOurs);
    expect(byOurs.raw).toMatchObject({ ...PAID, result_code: 'SUCCESS' });
  });

  it.each(['CLOSED', 'REFUND', 'REVOKED', 'USERPAYING', 'PAYERROR', 'ACCEPT'])(
    'returns the state %s',
    async (trade_state) => {
      sandbox.server.orders.set('any', { trade_state });

      expect((await sandbox.orders.query({ outTradeNo: 'any' })).tradeState).toBe(trade_state);
    },
  );

  it('rejects with a signed order-not-found for a number that was never placed', async () => {
    const error = await failureOf(WxPayApiError, sandbox.orders.query({ outTradeNo: 'never' }));

    expect(error).toMatchObject({
      code: 'ORDER_NOT_EXIST',
      kind: 'order-not-found',
      httpStatus: 200,
      signed: true,
      retryable: false,
      operation: 'order.query',
      merchant: 'default',
    });
    expect(error.message).toContain(
      'WeChat Pay refused order.query of order never with ORDER_NOT_EXIST (HTTP 200). It said: "此交易订单号不存在".',
    );
  });

  it('rejects with a retryable gateway error when WeChat Pay fails with HTTP 200', async () => {
    sandbox.server.next((response, sign, { fields }) =>
      respondXml(
        response,
        sign({ ...common(fields), result_code: 'FAIL', err_code: 'SYSTEMERROR', err_code_des: '系统错误' }),
      ),
    );

    const error = await failureOf(WxPayApiError, sandbox.orders.query({ outTradeNo: 'T1' }));

    expect(error).toMatchObject({ code: 'SYSTEM_ERROR', kind: 'gateway', retryable: true, signed: true });
  });

  it('keeps the code of a refusal that the catalog does not list, or that has none', async () => {
    for (const err_code of ['NEW_CODE', '']) {
      sandbox.server.next((response, sign, { fields }) =>
        respondXml(response, sign({ ...common(fields), result_code: 'FAIL', err_code })),
      );
    }

    const [known, none] = [
      await failureOf(WxPayApiError, sandbox.orders.query({ outTradeNo: 'T1' })),
      await failureOf(WxPayApiError, sandbox.orders.query({ outTradeNo: 'T1' })),
    ];

    expect(known).toMatchObject({ code: 'NEW_CODE', kind: 'unknown', signed: true });
    expect(none).toMatchObject({ code: 'FAIL', kind: 'unknown', signed: true });
  });
});

describe('OrderCloseService over APIv2', () => {
  it('closes an unpaid order, repeatedly', async () => {
    sandbox.server.orders.set('to-close', UNPAID);

    await close({ outTradeNo: 'to-close' });
    await close({ outTradeNo: 'to-close' });

    expect((await sandbox.orders.query({ outTradeNo: 'to-close' })).tradeState).toBe('CLOSED');
  });

  it('rejects with order-state for a paid order', async () => {
    sandbox.server.orders.set('too-late', PAID);

    const error = await failureOf(WxPayApiError, close({ outTradeNo: 'too-late' }));

    expect(error).toMatchObject({
      code: 'ORDER_PAID',
      kind: 'order-state',
      operation: 'order.close',
      signed: true,
    });
  });

  it('rejects with order-not-found for a number that was never placed', async () => {
    const error = await failureOf(WxPayApiError, close({ outTradeNo: 'never' }));

    expect(error).toMatchObject({ code: 'ORDER_NOT_EXIST', signed: true });
  });

  it('does not accept an unsigned "already closed" as a close', async () => {
    const lie = {
      return_code: 'FAIL',
      return_msg: '订单已关闭',
      result_code: 'FAIL',
      err_code: 'ORDERCLOSED',
    };
    sandbox.server.next((response) => respondXml(response, lie));

    const error = await failureOf(WxPayApiError, close({ outTradeNo: 'T1' }));

    expect(error).toMatchObject({ code: 'FAIL', signed: false });
  });

  it.each([
    ['closed', { ...UNPAID, trade_state: 'CLOSED' }],
    ['reversed', { ...UNPAID, trade_state: 'REVOKED' }],
  ])('confirms a signed "already closed" with a query of an order that is %s', async (what, order) => {
    const outTradeNo = `really-${what}`;
    sandbox.server.orders.set(outTradeNo, order);
    answerClosed();
    const before = sandbox.server.requests.length;

    await close({ outTradeNo });

    expect(sandbox.server.requests.slice(before).map(({ path }) => path)).toEqual([
      '/pay/closeorder',
      '/pay/orderquery',
    ]);
  });

  it.each([
    ['paid', PAID, 'ORDER_PAID', 'SUCCESS'],
    ['open', UNPAID, 'TRADE_ERROR', 'NOTPAY'],
  ])(
    'refuses a signed "already closed" after a query of an order that is %s',
    async (what, order, code, state) => {
      const outTradeNo = `told-closed-${what}`;
      sandbox.server.orders.set(outTradeNo, order);
      answerClosed();

      const error = await failureOf(WxPayApiError, close({ outTradeNo }));

      expect(error).toMatchObject({ code, kind: 'order-state', operation: 'order.close' });
      expect(error.message).toContain(`ORDER_CLOSED, but a verified query finds it ${state}`);
    },
  );

  it('spends no more than its timeout on the close and that query', async () => {
    sandbox.server.orders.set('slow-check', UNPAID);
    answerClosed();
    sandbox.server.next(() => undefined);
    const startedAt = performance.now();

    const error = await failureOf(
      WxPayTransportError,
      close({ outTradeNo: 'slow-check' }, { timeoutMs: 500 }),
    );

    expect(error.timedOut).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(850);
  });

  function answerClosed(): void {
    sandbox.server.next((response, sign, { fields }) =>
      respondXml(response, sign({ ...common(fields), result_code: 'FAIL', err_code: 'ORDERCLOSED' })),
    );
  }
});
