import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { paidOrder } from '../../support/harness/paid-order.js';
import { unrelatedClient } from '../../support/signing/unrelated-client.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

let gateway: MockWxPayGateway;

beforeAll(async () => {
  gateway = await startGateway({ signErrors: true });
});
afterAll(() => gateway.stop());

const REFUNDS = 'v3/refund/domestic/refunds';
const bodyFor = (outTradeNo: string, outRefundNo: string, refund: number, total = 100) => ({
  out_trade_no: outTradeNo,
  out_refund_no: outRefundNo,
  amount: { refund, total, currency: 'CNY' },
});
const ask = async (body: object) => {
  const { status, data } = await unrelatedClient(gateway)
    .chain(REFUNDS)
    .post(body, { validateStatus: () => true });
  return [status, (data as { code?: string }).code] as const;
};

describe('MockWxPayGateway, asked for a refund by an unrelated client', () => {
  it('accepts it, shows it PROCESSING, and then as the bank ended it', async () => {
    const { outTradeNo } = paidOrder(gateway);
    const client = unrelatedClient(gateway);

    const accepted = await client.chain(REFUNDS).post(bodyFor(outTradeNo, 'U1', 30));
    gateway.refunds.settle('U1', 'ABNORMAL');
    const queried = await client.chain(`${REFUNDS}/U1`).get();

    expect([accepted.status, accepted.data]).toMatchObject([
      200,
      { status: 'PROCESSING', out_refund_no: 'U1' },
    ]);
    expect(queried.data).toMatchObject({ status: 'ABNORMAL', amount: { refund: 30, total: 100 } });
  });

  it('answers the same number with the same refund, and refuses it with other content', async () => {
    const { outTradeNo } = paidOrder(gateway);

    const first = await ask(bodyFor(outTradeNo, 'U2', 30));
    const again = await ask(bodyFor(outTradeNo, 'U2', 30));
    const other = await ask(bodyFor(outTradeNo, 'U2', 31));

    expect([first, again, other]).toEqual([
      [200, undefined],
      [200, undefined],
      [400, 'INVALID_REQUEST'],
    ]);
    expect(gateway.refunds.list().filter((refund) => refund.outTradeNo === outTradeNo)).toHaveLength(1);
  });

  it('accepts it for a sub-order of a combine order, under the numbers of that', async () => {
    gateway.combineOrders.create({
      combineOutTradeNo: 'CART-1',
      subOrders: [
        { outTradeNo: 'PART-1', amount: { total: 100 } },
        { outTradeNo: 'PART-2', amount: { total: 50 }, mchid: '1900000009' },
      ],
    });
    const unpaid = await ask(bodyFor('PART-1', 'P1', 30));
    gateway.combineOrders.pay('CART-1');

    const own = await ask(bodyFor('PART-1', 'P1', 30));
    const tooMuch = await ask(bodyFor('PART-1', 'P2', 71));
    const ofAnother = await ask(bodyFor('PART-2', 'P3', 50, 50));
    const ofTheWhole = await ask(bodyFor('CART-1', 'P4', 150, 150));

    expect([unpaid, own, tooMuch, ofAnother, ofTheWhole]).toEqual([
      [400, 'INVALID_REQUEST'],
      [200, undefined],
      [400, 'INVALID_REQUEST'],
      [404, 'RESOURCE_NOT_EXISTS'],
      [404, 'RESOURCE_NOT_EXISTS'],
    ]);
    expect(gateway.combineOrders.get('CART-1')?.subOrders.map(({ tradeState }) => tradeState)).toEqual([
      'REFUND',
      'SUCCESS',
    ]);
  });

  it('refuses accounts that do not pay for all of it', async () => {
    const { outTradeNo } = paidOrder(gateway);
    const { amount, ...rest } = bodyFor(outTradeNo, 'U20', 30);
    const from = [
      { account: 'AVAILABLE', amount: 10 },
      { account: 'UNAVAILABLE', amount: 19 },
    ];

    expect(await ask({ ...rest, amount: { ...amount, from } })).toEqual([400, 'PARAM_ERROR']);
  });

  it('refuses more than is left, and gives back what a closed refund did not', async () => {
    const { outTradeNo } = paidOrder(gateway);

    const most = await ask(bodyFor(outTradeNo, 'U3', 99));
    const tooMuch = await ask(bodyFor(outTradeNo, 'U4', 2));
    gateway.refunds.settle('U3', 'CLOSED');
    const anew = await ask(bodyFor(outTradeNo, 'U5', 100));
    const inFull = await ask(bodyFor(outTradeNo, 'U6', 1));

    expect([most[0], tooMuch, anew[0], inFull]).toEqual([
      200,
      [400, 'INVALID_REQUEST'],
      200,
      [400, 'INVALID_REQUEST'],
    ]);
  });

  it('refuses an order that is unknown, unpaid, of another total, or a year old', async () => {
    gateway.orders.create({ outTradeNo: 'UNPAID', amount: { total: 100 } });
    gateway.orders.create({ outTradeNo: 'OLD', amount: { total: 100 } });
    gateway.orders.pay('OLD', { at: new Date(Date.now() - 366 * 86_400_000) });
    const { outTradeNo } = paidOrder(gateway);

    const refusals = [
      await ask(bodyFor('NEVER', 'U7', 1)),
      await ask(bodyFor('UNPAID', 'U7', 1)),
      await ask(bodyFor(outTradeNo, 'U7', 1, 101)),
      await ask(bodyFor('OLD', 'U7', 1)),
    ];

    expect(refusals).toEqual([
      [404, 'RESOURCE_NOT_EXISTS'],
      [400, 'INVALID_REQUEST'],
      [400, 'INVALID_REQUEST'],
      [400, 'INVALID_REQUEST'],
    ]);
  });
});
