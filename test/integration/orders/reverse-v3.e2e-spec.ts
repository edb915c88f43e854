import { describe, expect, it } from '@jest/globals';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox({}, { maxAttempts: 1 });

describe('OrderReverseService of an APIv3 merchant', () => {
  let codes = 0;

  it('names the option that it needs', async () => {
    const merchant = sandbox.merchantWith({ appid: undefined });

    await expect(merchant.orderReverse.reverse({ outTradeNo: 'T1' })).rejects.toThrow(
      /: Reversing over APIv3 needs the appid .* set the option appid \(WXPAY_APPID\), or codePayReverse: \{ appid \} /,
    );
  });

  it.each([
    ['of the merchant', { codePayReverse: { appid: 'wx1' } }],
    ['of codePayReverse', { appid: undefined, codePayReverse: { appid: 'wx8888888888888888' } }],
  ])('reverses with the appid %s', async (_, options) => {
    const { orders } = sandbox.gateway;
    const outTradeNo = `code-${++codes}`;
    const merchant = sandbox.merchantWith(options);
    orders.create({ outTradeNo, amount: { total: 1 }, tradeType: 'MICROPAY' });
    sandbox.gateway.next({});
    sandbox.gateway.next({
      before: () => void orders.reverse(outTradeNo),
      reply: { status: 200, body: { mchid: '1900000001', out_trade_no: outTradeNo } },
    });

    const reversal = await merchant.orderReverse.reverse({ outTradeNo });

    expect(reversal).toEqual({ outcome: 'reversed' });
    expect(sandbox.gateway.requests.findLast(({ path }) => path.endsWith('/reverse'))).toMatchObject({
      method: 'POST',
      path: `/v3/pay/transactions/out-trade-no/${outTradeNo}/reverse`,
      body: '{"appid":"wx8888888888888888","mchid":"1900000001"}',
    });
  });

  it.each([
    { createdAt: new Date('x') },
    { paidAt: '2026-01-01' },
    { createdAt: null },
    { createdAt: new Date(1_790_000_000) },
    { paidAt: new Date('2999-01-01') },
  ])('refuses the dates %j before anything is sent', async (options) => {
    const merchant = sandbox.merchantWith({ codePayReverse: { appid: 'wx8888888888888888' } });
    const before = sandbox.gateway.requests.length;

    const reversal = merchant.orderReverse.reverse({ outTradeNo: 'T1' }, options as never);

    await expect(reversal).rejects.toMatchObject({ code: 'WXPAY_INPUT' });
    expect(sandbox.gateway.requests).toHaveLength(before);
  });

  it('requires the number of the merchant', async () => {
    const merchant = sandbox.merchantWith({ codePayReverse: { appid: 'wx8888888888888888' } });
    sandbox.gateway.orders.create({ outTradeNo: 'by-number', amount: { total: 1 }, tradeType: 'MICROPAY' });
    const { transactionId = '' } = sandbox.gateway.orders.pay('by-number');

    await expect(merchant.orderReverse.reverse({ transactionId })).rejects.toThrow(
      'outTradeNo is missing: APIv3 reverses by the merchant’s number only.',
    );
  });
});
