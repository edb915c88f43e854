import { describe, expect, it } from '@jest/globals';
import { WxPayApiError, WxPayProtocolError, WxPaySignatureError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { paidOrder } from '../../support/harness/paid-order.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox();
const paid = () => paidOrder(sandbox.gateway);

describe('The reply to a refund over APIv3', () => {
  it.each([
    ['another refund', { out_refund_no: 'OTHER' }, '$.out_refund_no'],
    ['another order', { out_trade_no: 'OTHER' }, '$.out_trade_no'],
    ['another amount', { amount: { refund: 31, total: 100, currency: 'CNY' } }, '$.amount.refund'],
    ['an order of another total', { amount: { refund: 30, total: 99, currency: 'CNY' } }, '$.amount.total'],
    ['another currency', { amount: { refund: 30, total: 100, currency: 'USD' } }, '$.amount.currency'],
    ['a sub-merchant', { sub_mchid: '1900000109' }, '$.sub_mchid'],
    ['another merchant', { mchid: '1900000009' }, '$.mchid'],
  ])('refuses a signed reply about %s', async (_, change, path) => {
    const { outTradeNo, transactionId, request } = paid();
    const body = {
      refund_id: '50000000382019052709732678859',
      out_refund_no: request.outRefundNo,
      transaction_id: transactionId,
      out_trade_no: outTradeNo,
      status: 'PROCESSING',
      amount: { refund: 30, total: 100, currency: 'CNY' },
      ...change,
    };
    const reply = { status: 200, body };
    for (let n = 0; n < 2; n++) {
      sandbox.gateway.next({ reply, when: { operation: 'refund.create', outTradeNo } });
    }

    const error = await failureOf(WxPayProtocolError, sandbox.merchant.refunds.refund(request));

    expect(error).toMatchObject({ path, outcomeUnknown: true });
  });

  it('refuses the reply to a refund by the number of WeChat Pay that names another order', async () => {
    const [first, second] = [paid(), paid()];
    const { outRefundNo, amount } = first.request;
    const reply = await sandbox.merchant.refunds.refund({ ...second.request, outRefundNo: 'OF-SECOND' });
    const body = { ...(reply.raw as object), out_refund_no: outRefundNo };
    const when = { operation: 'refund.create' };
    for (let n = 0; n < 2; n++) {
      sandbox.gateway.next({ reply: { status: 200, body }, when });
    }

    const { transactionId } = first;
    const error = await failureOf(
      WxPayProtocolError,
      sandbox.merchant.refunds.refund({ transactionId, outRefundNo, amount }),
    );

    expect(error.path).toBe('$.transaction_id');
  });

  it('rejects with the fault of the signature if no reply can be verified', async () => {
    const { outTradeNo, request } = paid();
    const impatient = sandbox.merchantWith({ maxAttempts: 1 });
    sandbox.gateway.next({ fault: 'tampered-body', when: { operation: 'refund.create', outTradeNo } });

    const error = await failureOf(WxPaySignatureError, impatient.refunds.refund(request));

    expect(error).toMatchObject({ reason: 'mismatch', outcomeUnknown: true, retryable: true });
  });
});

describe('RefundService.query over APIv3', () => {
  it('returns the state of a refund', async () => {
    const { request } = paid();
    await sandbox.merchant.refunds.refund(request);
    sandbox.gateway.refunds.settle(request.outRefundNo, 'SUCCESS', { at: new Date('2026-01-02T03:04:05Z') });

    const refund = await sandbox.merchant.refunds.query(request);

    expect(refund).toMatchObject({ status: 'SUCCESS', userReceivedAccount: '支付用户零钱' });
    expect(refund.successTime).toEqual(new Date('2026-01-02T03:04:05Z'));
  });

  it('rejects with refund-not-found for a refund that nobody asked for', async () => {
    const error = await failureOf(WxPayApiError, sandbox.merchant.refunds.query({ outRefundNo: 'NEVER' }));

    expect(error).toMatchObject({ kind: 'refund-not-found', code: 'RESOURCE_NOT_EXISTS', httpStatus: 404 });
  });

  it('refuses a signed reply about another refund', async () => {
    const [first, second] = [paid(), paid()];
    await sandbox.merchant.refunds.refund(first.request);
    await sandbox.merchant.refunds.refund(second.request);
    const swap = {
      fault: 'swapped',
      outTradeNo: second.outTradeNo,
      when: { operation: 'refund.query' },
    } as const;
    for (let n = 0; n < 2; n++) {
      sandbox.gateway.next(swap);
    }

    const error = await failureOf(WxPayProtocolError, sandbox.merchant.refunds.query(first.request));

    expect(error.path).toBe('$.out_refund_no');
  });

  it('leaves out of a refund what cannot be read', async () => {
    const { request } = paid();
    await sandbox.merchant.refunds.refund(request);
    sandbox.gateway.next({ fault: 'decorated', when: { operation: 'refund.query' } });

    const refund = await sandbox.merchant.refunds.query(request);

    expect(refund).toMatchObject({ outRefundNo: request.outRefundNo, promotionDetail: [] });
  });
});
