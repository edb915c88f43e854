import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { CartsService } from '../sales/carts.service.js';
import { ADAPTERS } from './support/adapters.js';
import { startSample, type Sample } from './support/start-sample.js';

interface CartBody {
  readonly outTradeNo: string;
  readonly sales: readonly { readonly outTradeNo: string }[];
}

const LATER = () => new Date(Date.now() + 30 * 60_000);

describe.each(ADAPTERS)('carts of the sample on %s', (_name, createAdapter) => {
  let sample: Sample;
  let gateway: MockWxPayGateway;
  let carts: CartsService;

  beforeAll(async () => {
    sample = await startSample(createAdapter());
    gateway = sample.app.get(MockWxPayGateway);
    carts = sample.app.get(CartsService);
  });

  afterAll(() => sample.app.close());

  async function place(): Promise<CartBody> {
    return (await sample.post('/carts', { articles: ['tea', 'cup'] })).body as CartBody;
  }

  /** Places a cart, and its order at WeChat Pay. */
  async function beginToPay(): Promise<CartBody> {
    const cart = await place();
    await sample.post(`/carts/${cart.outTradeNo}/pay-parameters`);
    return cart;
  }

  async function statesOf({ sales }: CartBody): Promise<unknown[]> {
    const answers = await Promise.all(sales.map(({ outTradeNo }) => sample.get(`/sales/${outTradeNo}`)));
    return answers.map(({ body }) => (body as { state: unknown }).state);
  }

  it('are sales that are paid at once, and all shipped when WeChat Pay notifies', async () => {
    const cart = await place();

    const parameters = await sample.post(`/carts/${cart.outTradeNo}/pay-parameters`);
    const payment = await sample.post(`/demo/orders/${cart.outTradeNo}/pay`);

    expect(cart.sales).toMatchObject([{ total: 4800 }, { total: 1999 }]);
    expect(parameters).toMatchObject({ status: 200, body: { codeUrl: expect.stringMatching(/^weixin:/) } });
    expect(payment.body).toEqual([204]);
    expect(await statesOf(cart)).toEqual(['paid', 'paid']);
  });

  it('are found paid by a query if the notification is lost', async () => {
    const cart = await beginToPay();
    await sample.post(`/demo/orders/${cart.outTradeNo}/pay?notification=lost`);

    await carts.check();

    expect(await statesOf(cart)).toEqual(['paid', 'paid']);
  });

  it('are closed at their expiry, and left alone before', async () => {
    const cart = await beginToPay();
    await carts.check();
    const before = await statesOf(cart);

    await carts.check(LATER());

    expect(before).toEqual(['unpaid', 'unpaid']);
    expect(await statesOf(cart)).toEqual(['cancelled', 'cancelled']);
    expect(gateway.combineOrders.get(cart.outTradeNo)?.subOrders).toMatchObject([
      { tradeState: 'CLOSED' },
      { tradeState: 'CLOSED' },
    ]);
  });

  it('are cancelled at their expiry if the customer never began to pay', async () => {
    const cart = await place();

    await carts.check(LATER());

    expect(await statesOf(cart)).toEqual(['cancelled', 'cancelled']);
  });

  it('are shipped if they are paid right before they are closed', async () => {
    const cart = await beginToPay();
    const when = { operation: 'combine.close', outTradeNo: cart.outTradeNo };
    gateway.next({ fault: 'pay-during-close', when });

    await carts.check(LATER());
    await carts.check(LATER());

    expect(await statesOf(cart)).toEqual(['paid', 'paid']);
  });

  it('are refunded part by part', async () => {
    const cart = await beginToPay();
    await sample.post(`/demo/orders/${cart.outTradeNo}/pay`);
    const [tea = '', cup = ''] = cart.sales.map(({ outTradeNo }) => outTradeNo);

    const { status, body } = await sample.put(`/sales/${tea}/refunds/1`, { amount: 800 });
    await sample.post(`/demo/refunds/${tea}-1/settle`);

    expect([status, body]).toEqual([200, { outRefundNo: `${tea}-1`, amount: 800, status: 'PROCESSING' }]);
    expect(gateway.refunds.get(`${tea}-1`)).toMatchObject({ amount: { refund: 800, total: 4800 } });
    expect((await sample.get(`/sales/${tea}`)).body).toMatchObject({ refunds: [{ status: 'SUCCESS' }] });
    expect((await sample.get(`/sales/${cup}`)).body).toMatchObject({ state: 'paid', refunds: [] });
  });

  it('cannot be paid part by part, twice, or if there is none', async () => {
    const cart = await beginToPay();
    await sample.post(`/demo/orders/${cart.outTradeNo}/pay`);

    expect(await sample.post(`/sales/${cart.sales[0]?.outTradeNo}/pay-parameters`)).toMatchObject({
      status: 409,
      body: { code: 'PART_OF_CART' },
    });
    expect(await sample.post(`/carts/${cart.outTradeNo}/pay-parameters`)).toMatchObject({
      status: 409,
      body: { code: 'SALE_ENDED' },
    });
    expect(await sample.post('/carts/NONE/pay-parameters')).toMatchObject({
      status: 404,
      body: { code: 'CART_NOT_FOUND' },
    });
    expect(await sample.post('/carts', { articles: ['tea'] })).toMatchObject({ status: 400 });
  });
});
