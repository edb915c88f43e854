import { describe, expect, it } from '@jest/globals';
import type { MockBehaviour } from 'nestjs-wxpay/testing';
import { APIS, coffee, useCounter, type Api } from '../../support/harness/counter.js';

const counter = useCounter();

describe.each(APIS)('CodePayService over API%s, when something goes wrong', (api) => {
  const show = (...act: Parameters<ReturnType<typeof counter.at>['gateway']['customer']['showCode']>) =>
    counter.at(api).gateway.customer.showCode(...act);
  const next = (operation: string, behaviour: MockBehaviour) =>
    counter.at(api).gateway.next({ when: { operation }, ...behaviour });
  const countOf = (operation: string, order: { readonly outTradeNo: string }) =>
    counter
      .at(api)
      .operations(order)
      .filter((each) => each === operation).length;

  it.each<MockBehaviour>([
    { fault: 'reset' },
    { fault: 'hang' },
    { fault: 'wrong-signature' },
    { fault: 'tampered-body' },
    { fault: 'malformed' },
    { fault: 'unsigned' },
    { fault: 'other-merchant' },
  ])('finds the payment whose reply was lost or could not be verified: %j', async (behaviour) => {
    const order = coffee(show());
    next('order.codePay', behaviour);

    await expect(counter.pay(api, order)).resolves.toMatchObject({ outcome: 'paid' });

    expect(countOf('order.codePay', order)).toBe(1);
  });

  it.each<MockBehaviour>([
    { fault: 'reset', handled: false },
    { fault: 'html', status: 502 },
    systemError(api),
  ])('is unresolved, and charges nobody again, when the payment may still arrive: %j', async (behaviour) => {
    const order = coffee(show());
    next('order.codePay', behaviour);

    const payment = await counter.pay(api, order);

    expect(payment).toMatchObject({
      outcome: 'unresolved',
      cause: { outcomeUnknown: true, retryable: false },
    });
    expect(countOf('order.codePay', order)).toBe(1);
    expect(countOf('order.reverse', order)).toBeGreaterThan(1);
  });

  it('reverses a payment that takes effect after half a minute', async () => {
    const order = coffee(show());
    const { orders } = counter.at(api).gateway;
    next('order.codePay', { fault: 'reset', handled: false });
    const arrive = (): void => {
      orders.create({ ...order, tradeType: 'MICROPAY', createdAt: new Date(Date.now() - 15_000) });
      orders.pay(order.outTradeNo);
    };
    next('order.reverse', { before: arrive });

    await expect(counter.pay(api, order)).resolves.toMatchObject({ outcome: 'reversed' });

    expect(orders.get(order.outTradeNo)?.tradeState).toBe('REVOKED');
  });

  it.each<[string, MockBehaviour]>([
    ['query', { fault: 'reset' }],
    ['query', systemError(api)],
    ['query', { fault: 'wrong-signature' }],
  ])('goes on after a %s that failed: %j', async (_, behaviour) => {
    const order = coffee(show({ password: 'right', afterMs: 7_000 }));
    for (let count = 0; count < 4; count++) next('order.query', behaviour);

    await expect(counter.pay(api, order)).resolves.toMatchObject({ outcome: 'paid' });
  });

  it.each<MockBehaviour>([
    { fault: 'reset' },
    { fault: 'reset', handled: false },
    { fault: 'wrong-signature' },
    systemError(api),
  ])('reverses after a reversal that failed: %j', async (behaviour) => {
    const order = coffee(show({ password: 'never' }));
    next('order.reverse', behaviour);

    await expect(counter.pay(api, order)).resolves.toEqual({ outcome: 'reversed' });

    expect(countOf('order.codePay', order)).toBe(1);
  });

  it('reports the refund when the customer pays right before the reversal', async () => {
    const order = coffee(show({ password: 'never' }));
    next('order.reverse', { before: () => void counter.at(api).gateway.orders.pay(order.outTradeNo) });

    await expect(counter.pay(api, order)).resolves.toEqual({ outcome: 'reversed', refunded: true });
  });

  it('does not take a false refusal for true', async () => {
    const order = coffee(show());
    const { orders } = counter.at(api).gateway;
    next('order.codePay', {
      status: api === 'v3' ? 403 : 200,
      code: api === 'v3' ? 'NOT_ENOUGH' : 'NOTENOUGH',
      before: () => {
        orders.create({ ...order, tradeType: 'MICROPAY' });
        orders.pay(order.outTradeNo);
      },
    });

    await expect(counter.pay(api, order)).resolves.toMatchObject({ outcome: 'paid' });
  });

  it('does not take the reply to another request for a payment', async () => {
    const order = coffee(show());
    next('order.codePay', { reply: { status: 200, body: foreignReply(api, order.outTradeNo) } });

    await expect(counter.pay(api, order)).resolves.toMatchObject({
      outcome: 'unresolved',
      cause: { code: 'WXPAY_PROTOCOL' },
    });
  });
});

function systemError(api: Api): MockBehaviour {
  return api === 'v3' ? { status: 500, code: 'SYSTEM_ERROR' } : { status: 200, code: 'SYSTEMERROR' };
}

/** Over APIv3 the success of another order; over APIv2 a query, which succeeds for an unpaid order as well. */
function foreignReply(api: Api, outTradeNo: string): object {
  const ids = { appid: 'wx8888888888888888', out_trade_no: outTradeNo, transaction_id: '42' };
  return api === 'v3'
    ? { ...ids, mchid: '1900000001', out_trade_no: 'OTHER1', trade_state: 'SUCCESS', trade_state_desc: '' }
    : {
        ...ids,
        return_code: 'SUCCESS',
        result_code: 'SUCCESS',
        mch_id: '1900000001',
        total_fee: 1_800,
        trade_state: 'NOTPAY',
      };
}
