import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { RefundsService } from '../refunds/refunds.service.js';
import { SalesStore } from '../sales/sales-store.js';
import { eventually } from '../../test/support/assertions/eventually.js';
import { ADAPTERS } from './support/adapters.js';
import { sell, storeSale } from './support/sell.js';
import { startSample, type Sample } from './support/start-sample.js';

describe.each(ADAPTERS)('refunds of the sample on %s', (_name, createAdapter) => {
  let sample: Sample;
  let gateway: MockWxPayGateway;

  beforeAll(async () => {
    sample = await startSample(createAdapter(), { WXPAY_TIMEOUT_MS: '2000' });
    gateway = sample.app.get(MockWxPayGateway);
  });

  afterAll(() => sample.app.close());

  async function sellAndPay(outTradeNo: string): Promise<string> {
    await sell(sample, { outTradeNo });
    await sample.post(`/demo/orders/${outTradeNo}/pay`);
    return outTradeNo;
  }

  async function refundsOf(outTradeNo: string): Promise<unknown> {
    const { body } = await sample.get(`/sales/${outTradeNo}`);
    return (body as { refunds: unknown }).refunds;
  }

  it('are accepted first, and carried out later', async () => {
    const outTradeNo = await sellAndPay('BROKEN');

    const { status, body } = await sample.put(`/sales/${outTradeNo}/refunds/1`, {
      amount: 40,
      reason: 'Broken cup',
    });

    expect(status).toBe(200);
    expect(body).toEqual({ outRefundNo: 'BROKEN-1', amount: 40, status: 'PROCESSING' });
    expect(await refundsOf(outTradeNo)).toEqual([body]);
    expect(gateway.refunds.get('BROKEN-1')).toMatchObject({
      amount: { refund: 40, total: 100 },
      reason: 'Broken cup',
    });
  });

  it('end when WeChat Pay notifies', async () => {
    const outTradeNo = await sellAndPay('NOTIFIED');
    await sample.put(`/sales/${outTradeNo}/refunds/1`, { amount: 40 });

    const { status } = await sample.post('/demo/refunds/NOTIFIED-1/settle');

    expect(status).toBe(204);
    expect(await refundsOf(outTradeNo)).toMatchObject([{ outRefundNo: 'NOTIFIED-1', status: 'SUCCESS' }]);
    expect(await sample.post('/demo/refunds/NOTIFIED-1/settle')).toMatchObject({
      status: 409,
      body: { code: 'NOT_PROCESSING' },
    });
  });

  it('are queried if an unsigned notification of APIv2 tells of them', async () => {
    await sell(sample, { outTradeNo: 'OLD', merchant: 'legacy' });
    await sample.post('/demo/orders/OLD/pay');
    const refund = { outRefundNo: 'OLD-1', amount: 100, status: 'PROCESSING' };
    await sample.app.get(SalesStore).addRefund({ merchant: 'legacy', outTradeNo: 'OLD' }, refund);
    gateway.refunds.create({ outRefundNo: 'OLD-1', outTradeNo: 'OLD', amount: { refund: 100 } });
    gateway.refunds.settle('OLD-1');

    const url = `${await sample.app.getUrl()}/legacy/wxpay/notifications`;
    const reply = await gateway.notify({ outRefundNo: 'OLD-1' }, url, { api: 'v2' });

    expect(reply.accepted).toBe(true);
    expect(await refundsOf('OLD')).toMatchObject([{ status: 'SUCCESS' }]);
    expect(gateway.requests.at(-1)?.path).toBe('/pay/refundquery');
  });

  it('are watched until the customer has the money', async () => {
    const outTradeNo = await sellAndPay('WATCHED');
    gateway.next({
      when: { operation: 'refund.query', outTradeNo },
      before: () => void gateway.refunds.settle('WATCHED-1'),
    });

    await sample.put(`/sales/${outTradeNo}/refunds/1`, { amount: 10 });

    await eventually(async () => {
      expect(await refundsOf(outTradeNo)).toEqual([
        { outRefundNo: 'WATCHED-1', amount: 10, status: 'SUCCESS' },
      ]);
    });
  });

  it('that were open when the app stopped are watched after its start', async () => {
    const outTradeNo = await sellAndPay('RESUMED');
    const refund = { outRefundNo: 'RESUMED-1', amount: 10, status: 'REQUESTED' };
    await sample.app.get(SalesStore).addRefund({ merchant: 'default', outTradeNo }, refund);
    gateway.refunds.create({ outRefundNo: 'RESUMED-1', outTradeNo, amount: { refund: 10 } });
    gateway.refunds.settle('RESUMED-1', 'ABNORMAL');

    await sample.app.get(RefundsService).onApplicationBootstrap();

    await eventually(async () => {
      expect(await refundsOf(outTradeNo)).toMatchObject([{ status: 'ABNORMAL' }]);
    });
  });

  it('of two merchants with the same number are both watched', async () => {
    const store = sample.app.get(SalesStore);
    const outTradeNo = await sellAndPay('SHARED');
    const sales = ['default', 'legacy'].map((merchant) => ({ merchant, outTradeNo }));
    await storeSale(sample, { outTradeNo, merchant: 'legacy' });
    for (const sale of sales) {
      await store.addRefund(sale, { outRefundNo: 'SHARED-1', amount: 10, status: 'REQUESTED' });
    }
    gateway.refunds.create({ outRefundNo: 'SHARED-1', outTradeNo, amount: { refund: 10 } });
    gateway.refunds.settle('SHARED-1');

    await sample.app.get(RefundsService).onApplicationBootstrap();

    await eventually(async () => {
      for (const { merchant } of sales) {
        const [sale] = await store.findMany(merchant, [outTradeNo]);
        expect(sale?.refunds).toMatchObject([{ status: 'SUCCESS' }]);
      }
    });
  });

  it('of a cart part are noted at that part, though another has the same number', async () => {
    const store = sample.app.get(SalesStore);
    const outTradeNo = await sellAndPay('PARTS');
    const parts = ['1900000002', '1900000003'].map((partMchid) => ({ outTradeNo, partMchid }));
    for (const part of parts) await storeSale(sample, { ...part, combineOutTradeNo: 'PARTS-CART' });
    const refunded = { merchant: 'default', outTradeNo, partMchid: '1900000003' };
    await store.addRefund(refunded, { outRefundNo: 'PARTS-1', amount: 10, status: 'REQUESTED' });
    gateway.refunds.create({ outRefundNo: 'PARTS-1', outTradeNo, amount: { refund: 10 } });
    gateway.refunds.settle('PARTS-1');

    await sample.app.get(RefundsService).onApplicationBootstrap();

    await eventually(async () => {
      const sales = await store.findMany('default', [outTradeNo]);
      const sale = sales.find(({ partMchid }) => partMchid === refunded.partMchid);
      expect(sale?.refunds).toMatchObject([{ outRefundNo: 'PARTS-1', status: 'SUCCESS' }]);
    });
  });

  it('are one refund if the reply is lost and the same request comes again', async () => {
    const outTradeNo = await sellAndPay('TWICE-ASKED');
    for (let attempt = 0; attempt < 2; attempt++) {
      gateway.next({ fault: 'hang', when: { operation: 'refund.create', outTradeNo } });
    }

    const lost = await sample.put(`/sales/${outTradeNo}/refunds/1`, { amount: 100 });
    const noted = await refundsOf(outTradeNo);
    const repeated = await sample.put(`/sales/${outTradeNo}/refunds/1`, { amount: 100 });

    expect(lost.status).toBe(504);
    expect(noted).toMatchObject([{ outRefundNo: 'TWICE-ASKED-1', amount: 100 }]);
    expect(repeated).toMatchObject({ status: 200, body: { status: 'PROCESSING' } });
    expect(gateway.refunds.list().filter((refund) => refund.outTradeNo === outTradeNo)).toHaveLength(1);
  });

  it('of more than is left, of an unpaid sale, or of another content under the same number are refused', async () => {
    const outTradeNo = await sellAndPay('REFUSED');
    await storeSale(sample, { outTradeNo: 'UNPAID' });
    await sample.put(`/sales/${outTradeNo}/refunds/1`, { amount: 60 });

    expect(await sample.put(`/sales/${outTradeNo}/refunds/2`, { amount: 60 })).toMatchObject({ status: 409 });
    expect(await sample.put(`/sales/${outTradeNo}/refunds/1`, { amount: 61 })).toMatchObject({
      status: 409,
      body: { code: 'REFUND_EXISTS' },
    });
    expect(await sample.put('/sales/UNPAID/refunds/1', { amount: 1 })).toMatchObject({
      status: 409,
      body: { code: 'SALE_NOT_PAID' },
    });
    expect(await sample.put('/sales/NONE/refunds/1', { amount: 1 })).toMatchObject({ status: 404 });
  });

  it.each([
    ['/sales/DEMO-SALE/refunds/0', { amount: 1 }, 'number must be from 1 to 50.'],
    ['/sales/DEMO-SALE/refunds/51', { amount: 1 }, 'number must be from 1 to 50.'],
    ['/sales/DEMO-SALE/refunds/1', { amount: 0.5 }, 'amount must be a whole number of fen, at least 1.'],
    ['/sales/DEMO-SALE/refunds/1', { amount: 1, reason: '' }, 'reason must be 1 to 26 characters.'],
  ])('refuse PUT %s with %j', async (path, body, message) => {
    expect(await sample.put(path, body)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', message },
    });
  });
});
