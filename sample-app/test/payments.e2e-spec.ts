import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConflictException } from '@nestjs/common';
import type { Order } from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { OrdersService } from '../orders/orders.service.js';
import { SalesService } from '../sales/sales.service.js';
import { SalesStore } from '../sales/sales-store.js';
import { ADAPTERS } from './support/adapters.js';
import { startSample, type Sample } from './support/start-sample.js';

describe.each(ADAPTERS)('payments of the sample on %s', (_name, createAdapter) => {
  let sample: Sample;
  let gateway: MockWxPayGateway;
  let store: SalesStore;

  beforeAll(async () => {
    sample = await startSample(createAdapter());
    gateway = sample.app.get(MockWxPayGateway);
    store = sample.app.get(SalesStore);
  });

  afterAll(() => sample.app.close());

  /** Sells something; what WeChat Pay was asked to collect may differ. */
  async function sell(
    outTradeNo: string,
    { merchant = 'default', total = 100, asked = 100 } = {},
  ): Promise<string> {
    await store.place({ merchant, outTradeNo, total });
    gateway.orders.create({ outTradeNo, amount: { total: asked } });
    return outTradeNo;
  }

  it.each([
    ['v3', 'default', 204],
    ['v2', 'legacy', 200],
  ])('are learnt from a notification over %s', async (api, merchant, accepted) => {
    const outTradeNo = await sell(`TOLD-${api}`, { merchant });

    const { body: answers } = await sample.post(`/demo/orders/${outTradeNo}/pay`);

    expect(answers).toEqual([accepted]);
    expect((await sample.get(`/sales/${outTradeNo}`)).body).toEqual({
      outTradeNo,
      total: 100,
      isPaid: true,
      toldBy: 'notification',
    });
  });

  it.each([
    ['v3', 'default', '/v3/pay/transactions/out-trade-no/LOST-v3'],
    ['v2', 'legacy', '/pay/orderquery'],
  ])(
    'are found by a query over %s if the notification is lost, and applied once',
    async (api, merchant, path) => {
      const outTradeNo = await sell(`LOST-${api}`, { merchant });
      const stillOpen = await sell(`OPEN-${api}`, { merchant });
      await sample.post(`/demo/orders/${outTradeNo}/pay?notification=lost`);
      const before = await sample.get(`/sales/${outTradeNo}`);

      const first = await sample.post('/sales/reconcile');
      const second = await sample.post('/sales/reconcile');

      expect(before.body).toMatchObject({ isPaid: false });
      expect(first).toMatchObject({ status: 200, body: [outTradeNo] });
      expect(second.body).toEqual([]);
      const asked = gateway.requests.filter((request) => request.outTradeNo === outTradeNo);
      expect(asked).toEqual([expect.objectContaining({ path: expect.stringContaining(path) })]);
      expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({
        isPaid: true,
        toldBy: 'query',
      });
      expect((await sample.get(`/sales/${stillOpen}`)).body).toMatchObject({ isPaid: false });
    },
  );

  it('are applied to the sale of the sub-merchant that was paid, not to one of the same number', async () => {
    const outTradeNo = await sell('OF-TWO');
    await store.place({ merchant: 'default', subMchid: '1900000109', outTradeNo, total: 100 });
    const sales = sample.app.get(SalesService);
    const { transactionId } = gateway.orders.pay(outTradeNo);
    const order = { ...(await query(outTradeNo)), transactionId };

    const ofAnother = sales.apply('default', { ...order, subMchid: '1900000110' }, 'query');
    await expect(ofAnother).rejects.toThrow('The sale is unknown.');
    const applied = await sales.apply('default', { ...order, subMchid: '1900000109' }, 'query');

    expect(applied).toBe(true);
    expect(await store.find(outTradeNo)).not.toHaveProperty('payment');
  });

  it('are applied once if the notification comes twice, and accepted twice', async () => {
    const outTradeNo = await sell('TWICE');

    const { body: answers } = await sample.post(`/demo/orders/${outTradeNo}/pay?notification=twice`);

    expect(answers).toEqual([204, 204]);
    expect(await sample.app.get(SalesService).apply('default', await query(outTradeNo), 'query')).toBe(false);
    expect(await store.find(outTradeNo)).toMatchObject({ payment: { toldBy: 'notification' } });
  });

  it('are applied once if notification and query come at the same time', async () => {
    const outTradeNo = await sell('RACE');
    gateway.orders.pay(outTradeNo);
    const url = `${await sample.app.getUrl()}/wxpay/notifications`;

    const [found, ...replies] = await Promise.all([
      sample.post('/sales/reconcile'),
      ...Array.from({ length: 10 }, () => gateway.notify(outTradeNo, url)),
    ]);

    expect(replies.map(({ accepted }) => accepted)).toEqual(Array.from({ length: 10 }, () => true));
    const sale = await store.find(outTradeNo);
    // Whoever was first, it was one of the two, and only one.
    expect((found.body as string[]).includes(outTradeNo)).toBe(sale?.payment?.toldBy === 'query');
  });

  it('are shipped by exactly one of those who tell of them at the same time', async () => {
    const outTradeNo = await sell('PARALLEL');
    gateway.orders.pay(outTradeNo);
    const order = await query(outTradeNo);
    const sales = sample.app.get(SalesService);

    const applied = await Promise.all(
      Array.from({ length: 10 }, () => sales.apply('default', order, 'query')),
    );

    expect(applied.filter((isNew) => isNew)).toHaveLength(1);
  });

  it('that name no amount or no number are not taken for applied', async () => {
    const order = await query('DEMO-PAID');
    const { amount: _, ...unpriced } = order;
    const { transactionId: __, ...unnumbered } = order;
    const sales = sample.app.get(SalesService);

    const applying = [
      sales.apply('default', unpriced, 'notification'),
      sales.apply('default', unnumbered, 'notification'),
    ];

    for (const each of applying) await expect(each).rejects.toThrow(ConflictException);
  });

  it('of another amount than was asked are not applied, and WeChat Pay is told so', async () => {
    const outTradeNo = await sell('OTHER-AMOUNT', { total: 100, asked: 1 });

    const { body: answers } = await sample.post(`/demo/orders/${outTradeNo}/pay`);
    const { body: found } = await sample.post('/sales/reconcile');

    expect(answers).toEqual([409]);
    expect(found).toEqual([]);
    expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({ isPaid: false });
  });

  it('that were refunded before they were found are noted, and nothing is shipped', async () => {
    const outTradeNo = await sell('REFUNDED');
    gateway.orders.pay(outTradeNo);
    gateway.orders.refund(outTradeNo);

    const found = [await sample.post('/sales/reconcile'), await sample.post('/sales/reconcile')];

    expect(found).toMatchObject([{ body: [] }, { body: [] }]);
    expect(gateway.requests.filter(({ path }) => path.includes(outTradeNo))).toHaveLength(1);
    expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({ isPaid: false, toldBy: 'query' });
  });

  it('of an order that the shop does not know are sent again until it does', async () => {
    gateway.orders.create({ outTradeNo: 'NOT-YET-STORED', amount: { total: 100 } });
    gateway.orders.pay('NOT-YET-STORED');
    const early = await gateway.notify('NOT-YET-STORED', `${await sample.app.getUrl()}/wxpay/notifications`);
    await store.place({ merchant: 'default', outTradeNo: 'NOT-YET-STORED', total: 100 });

    const late = await early.resend();

    expect(early).toMatchObject({ status: 404, accepted: false });
    expect(late).toMatchObject({ status: 204, accepted: true });
  });

  it('to another merchant are not taken for those of a sale with the same number', async () => {
    const outTradeNo = await sell('SAME-NUMBER', { merchant: 'legacy' });
    gateway.orders.pay(outTradeNo);

    const reply = await gateway.notify(outTradeNo, `${await sample.app.getUrl()}/wxpay/notifications`);

    expect(reply).toMatchObject({ status: 404, accepted: false });
    expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({ isPaid: false });
  });

  it('of a combine order are not accepted, since nobody takes note of them', async () => {
    const subOrders = ['PART-1', 'PART-2'].map((outTradeNo) => ({ outTradeNo, amount: { total: 1 } }));
    gateway.combineOrders.create({ combineOutTradeNo: 'COMBINED', subOrders });
    gateway.combineOrders.pay('COMBINED');

    const reply = await gateway.notify('COMBINED', `${await sample.app.getUrl()}/wxpay/notifications`);

    expect(reply).toMatchObject({ status: 501, accepted: false });
  });

  it('that are told by a forger are refused', async () => {
    const outTradeNo = await sell('FORGED');
    gateway.orders.pay(outTradeNo);

    const reply = await gateway.notify(outTradeNo, `${await sample.app.getUrl()}/wxpay/notifications`, {
      fault: 'tampered-body',
    });

    expect(reply).toMatchObject({ status: 401, accepted: false });
    expect((await sample.get(`/sales/${outTradeNo}`)).body).toMatchObject({ isPaid: false });
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
