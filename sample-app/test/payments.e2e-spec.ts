import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConflictException } from '@nestjs/common';
import type { Order } from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { OrdersService } from '../orders/orders.service.js';
import { FulfilmentService } from '../sales/fulfilment.service.js';
import { SalesStore } from '../sales/sales-store.js';
import { UnpaidSalesService } from '../sales/unpaid-sales.service.js';
import { ADAPTERS } from './support/adapters.js';
import { sell, storeSale } from './support/sell.js';
import { startSample, type Sample } from './support/start-sample.js';

describe.each(ADAPTERS)('payments of the sample on %s', (_name, createAdapter) => {
  let sample: Sample;
  let gateway: MockWxPayGateway;
  let store: SalesStore;
  let fulfilment: FulfilmentService;
  let unpaidSales: UnpaidSalesService;

  beforeAll(async () => {
    sample = await startSample(createAdapter());
    gateway = sample.app.get(MockWxPayGateway);
    store = sample.app.get(SalesStore);
    fulfilment = sample.app.get(FulfilmentService);
    unpaidSales = sample.app.get(UnpaidSalesService);
  });

  afterAll(() => sample.app.close());

  it.each([
    ['v3', 'default', 204],
    ['v2', 'legacy', 200],
  ])('are learnt from a notification over %s', async (api, merchant, accepted) => {
    const outTradeNo = await sell(sample, { outTradeNo: `TOLD-${api}`, merchant });

    const { body: answers } = await sample.post(`/demo/orders/${outTradeNo}/pay`);

    expect(answers).toEqual([accepted]);
    expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({
      outTradeNo,
      state: 'paid',
      toldBy: 'notification',
    });
  });

  it.each([
    ['v3', 'default', '/v3/pay/transactions/out-trade-no/LOST-v3'],
    ['v2', 'legacy', '/pay/orderquery'],
  ])(
    'are found by a query over %s if the notification is lost, and applied once',
    async (api, merchant, path) => {
      const outTradeNo = await sell(sample, { outTradeNo: `LOST-${api}`, merchant });
      const stillOpen = await sell(sample, { outTradeNo: `OPEN-${api}`, merchant });
      await sample.post(`/demo/orders/${outTradeNo}/pay?notification=lost`);
      const before = await sample.get(`/sales/${outTradeNo}`);

      const first = await unpaidSales.check();
      const second = await unpaidSales.check();

      expect(before.body).toMatchObject({ state: 'unpaid' });
      expect(first).toEqual([outTradeNo]);
      expect(second).toEqual([]);
      const asked = gateway.requests.filter((request) => request.outTradeNo === outTradeNo);
      expect(asked).toEqual([expect.objectContaining({ path: expect.stringContaining(path) })]);
      expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({
        state: 'paid',
        toldBy: 'query',
      });
      expect((await sample.get(`/sales/${stillOpen}`)).body).toMatchObject({ state: 'unpaid' });
    },
  );

  it('are applied to the sale of the sub-merchant that was paid, not to one of the same number', async () => {
    const outTradeNo = await sell(sample, { outTradeNo: 'OF-TWO' });
    await storeSale(sample, { outTradeNo, subMchid: '1900000109' });
    const { transactionId } = gateway.orders.pay(outTradeNo);
    const order = { ...(await query(outTradeNo)), transactionId };

    const ofAnother = fulfilment.apply('default', { ...order, subMchid: '1900000110' }, 'query');
    await expect(ofAnother).rejects.toThrow('The sale is unknown.');
    const applied = await fulfilment.apply('default', { ...order, subMchid: '1900000109' }, 'query');

    expect(applied).toBe(true);
    expect(await store.find(outTradeNo)).not.toHaveProperty('payment');
  });

  it('are applied once if the notification comes twice, and accepted twice', async () => {
    const outTradeNo = await sell(sample, { outTradeNo: 'TWICE' });

    const { body: answers } = await sample.post(`/demo/orders/${outTradeNo}/pay?notification=twice`);

    expect(answers).toEqual([204, 204]);
    expect(await fulfilment.apply('default', await query(outTradeNo), 'query')).toBe(false);
    expect(await store.find(outTradeNo)).toMatchObject({ payment: { toldBy: 'notification' } });
  });

  it('are applied once if notification and query come at the same time', async () => {
    const outTradeNo = await sell(sample, { outTradeNo: 'RACE' });
    gateway.orders.pay(outTradeNo);
    const url = `${await sample.app.getUrl()}/wxpay/notifications`;

    const [found, ...replies] = await Promise.all([
      unpaidSales.check(),
      ...Array.from({ length: 10 }, () => gateway.notify(outTradeNo, url)),
    ]);

    expect(replies.map(({ accepted }) => accepted)).toEqual(Array.from({ length: 10 }, () => true));
    const sale = await store.find(outTradeNo);
    // Either the query or the notification was first, and only that one applied the payment.
    expect(found.includes(outTradeNo)).toBe(sale?.payment?.toldBy === 'query');
  });

  it('are shipped once when ten reports of one payment arrive at once', async () => {
    const outTradeNo = await sell(sample, { outTradeNo: 'PARALLEL' });
    gateway.orders.pay(outTradeNo);
    const order = await query(outTradeNo);

    const applied = await Promise.all(
      Array.from({ length: 10 }, () => fulfilment.apply('default', order, 'query')),
    );

    expect(applied.filter((isNew) => isNew)).toHaveLength(1);
  });

  it('are rejected if they have no amount or no number', async () => {
    const order = await query('DEMO-PAID');
    const { amount: _, ...unpriced } = order;
    const { transactionId: __, ...unnumbered } = order;

    const applying = [
      fulfilment.apply('default', unpriced, 'notification'),
      fulfilment.apply('default', unnumbered, 'notification'),
    ];

    for (const each of applying) await expect(each).rejects.toThrow(ConflictException);
  });

  it('are rejected with 409, and not applied, if their amount differs from that of the sale', async () => {
    const outTradeNo = await sell(sample, { outTradeNo: 'OTHER-AMOUNT' }, { amount: { total: 1 } });

    const { body: answers } = await sample.post(`/demo/orders/${outTradeNo}/pay`);
    const found = await unpaidSales.check();

    expect(answers).toEqual([409]);
    expect(found).toEqual([]);
    expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({ state: 'unpaid' });
  });

  it('that were refunded before they were found are noted, and nothing is shipped', async () => {
    const outTradeNo = await sell(sample, { outTradeNo: 'REFUNDED' });
    gateway.orders.pay(outTradeNo);
    gateway.orders.refund(outTradeNo);

    const found = [await unpaidSales.check(), await unpaidSales.check()];

    expect(found).toEqual([[], []]);
    expect(gateway.requests.filter(({ path }) => path.includes(outTradeNo))).toHaveLength(1);
    expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({
      state: 'refunded',
      toldBy: 'query',
    });
  });

  it('of an order that the shop does not know are sent again until it does', async () => {
    gateway.orders.create({ outTradeNo: 'NOT-YET-STORED', amount: { total: 100 } });
    gateway.orders.pay('NOT-YET-STORED');
    const early = await gateway.notify('NOT-YET-STORED', `${await sample.app.getUrl()}/wxpay/notifications`);
    await storeSale(sample, { outTradeNo: 'NOT-YET-STORED' });

    const late = await early.resend();

    expect(early).toMatchObject({ status: 404, accepted: false });
    expect(late).toMatchObject({ status: 204, accepted: true });
  });

  it('to another merchant are not taken for those of a sale with the same number', async () => {
    const outTradeNo = await sell(sample, { outTradeNo: 'SAME-NUMBER', merchant: 'legacy' });
    gateway.orders.pay(outTradeNo);

    const reply = await gateway.notify(outTradeNo, `${await sample.app.getUrl()}/wxpay/notifications`);

    expect(reply).toMatchObject({ status: 404, accepted: false });
    expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({ state: 'unpaid' });
  });

  it('that are told by a forger are refused', async () => {
    const outTradeNo = await sell(sample, { outTradeNo: 'FORGED' });
    gateway.orders.pay(outTradeNo);

    const reply = await gateway.notify(outTradeNo, `${await sample.app.getUrl()}/wxpay/notifications`, {
      fault: 'tampered-body',
    });

    expect(reply).toMatchObject({ status: 401, accepted: false });
    expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({ state: 'unpaid' });
  });

  it.each([
    ['an unknown sale', 'get', '/sales/NONE', 404, 'SALE_NOT_FOUND'],
    ['a payment of a paid order', 'post', '/demo/orders/DEMO-PAID/pay', 409, 'NOT_PAYABLE'],
    [
      'a fate that there is not',
      'post',
      '/demo/orders/DEMO-UNPAID/pay?notification=late',
      400,
      'INVALID_INPUT',
    ],
  ] as const)('answer %s with a refusal', async (_case, method, path, status, code) => {
    expect(await sample[method](path)).toMatchObject({ status, body: { code } });
  });

  function query(outTradeNo: string): Promise<Order> {
    return sample.app.get(OrdersService).find(outTradeNo);
  }
});
