import { describe, expect, it } from '@jest/globals';
import type { MockCodePayment, MockCodePayRefusal } from 'nestjs-wxpay/testing';
import { APIS, coffee, useCounter, type Api } from '../../support/harness/counter.js';

const counter = useCounter();
const show = (api: Api, payment?: MockCodePayment) => counter.at(api).gateway.customer.showCode(payment);
const stateOf = (api: Api, { outTradeNo }: { readonly outTradeNo: string }) =>
  counter.at(api).gateway.orders.get(outTradeNo)?.tradeState;

describe.each(APIS)('CodePayService over API%s', (api) => {
  it('says paid when the customer pays at once', async () => {
    const order = coffee(show(api), { attach: 'table 4', deviceId: 'till-1' });

    const payment = await counter.pay(api, order);

    expect(payment).toMatchObject({
      outcome: 'paid',
      order: {
        outTradeNo: order.outTradeNo,
        tradeState: 'SUCCESS',
        tradeType: 'MICROPAY',
        transactionId: expect.stringMatching(/^\d{28}$/),
        amount: { total: 1_800, currency: 'CNY' },
        attach: 'table 4',
      },
    });
    expect(counter.at(api).operations(order)).toEqual(['order.codePay']);
  });

  it('asks until the customer has entered the password', async () => {
    const order = coffee(show(api, { password: 'right', afterMs: 7_000 }));

    await expect(counter.pay(api, order)).resolves.toMatchObject({
      outcome: 'paid',
      order: { tradeState: 'SUCCESS' },
    });

    expect(counter.at(api).operations(order)).toEqual(['order.codePay', 'order.query', 'order.query']);
  });

  it.each<[string, MockCodePayment]>([
    ['walks away', { password: 'never' }],
    ['enters a wrong password', { password: 'wrong', afterMs: 3_000 }],
    ['enters the password when it is too late', { password: 'right', afterMs: 300_000 }],
  ])('reverses the order of a customer who %s', async (_, act) => {
    const order = coffee(show(api, act));

    await expect(counter.pay(api, order)).resolves.toEqual({ outcome: 'reversed' });

    expect(stateOf(api, order)).toBe('REVOKED');
  });

  it.each<[MockCodePayRefusal, string]>([
    ['expired', 'AUTHCODEEXPIRE'],
    ['invalid', 'AUTH_CODE_INVALID'],
    ['balance-too-low', 'NOT_ENOUGH'],
    ['card-not-supported', 'NOTSUPORTCARD'],
  ])('says that the payment was refused because the code or the account is %s', async (refusal, code) => {
    const order = coffee(show(api, { refusal }));

    await expect(counter.pay(api, order)).resolves.toMatchObject({ outcome: 'refused', cause: { code } });

    expect(
      counter
        .at(api)
        .operations(order)
        .filter((operation) => operation !== 'order.query'),
    ).toEqual(['order.codePay']);
  });

  it('does not charge the customer twice under one number', async () => {
    const order = coffee(show(api));
    await counter.pay(api, order);

    const again = await counter.pay(api, { ...order, authCode: show(api) });

    expect(again).toMatchObject({ outcome: 'paid', order: { outTradeNo: order.outTradeNo } });
  });

  it('charges the customer of a sub-merchant', async () => {
    const order = coffee(show(api), { subMchid: '1900000109', subAppid: 'wxsub' });

    await expect(counter.pay(api, order)).resolves.toMatchObject({
      outcome: 'paid',
      order: { subMchid: '1900000109', subAppid: 'wxsub' },
    });
  });

  it('reverses the order of a sub-merchant', async () => {
    const order = coffee(show(api, { password: 'never' }), { subMchid: '1900000109' });

    await expect(counter.pay(api, order)).resolves.toEqual({ outcome: 'reversed' });
  });

  it('sends all that the request says', async () => {
    const order = coffee(show(api), {
      goodsTag: 'DRINKS',
      supportFapiao: true,
      settleInfo: { profitSharing: true },
      deviceIp: '203.0.113.7',
      detail: { costPrice: 2_000, goodsDetail: [{ merchantGoodsId: 'G1', quantity: 1, unitPrice: 1_800 }] },
    });

    await expect(counter.pay(api, order)).resolves.toMatchObject({ outcome: 'paid' });

    const { body = '' } =
      counter.at(api).gateway.requests.findLast(({ operation }) => operation === 'order.codePay') ?? {};
    const sent = ['DRINKS', '203.0.113.7', 'G1', '2000', 'S1', order.authCode];
    expect(sent.filter((text) => !body.includes(text))).toEqual([]);
    expect(body).toContain(api === 'v3' ? '"settle_info":{"profit_sharing":true}' : '<profit_sharing>');
  });
});
