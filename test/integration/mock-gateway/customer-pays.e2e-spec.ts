import { describe, expect, it } from '@jest/globals';
import type { MockOrder } from 'nestjs-wxpay/testing';
import { newOrder, OPENID, SUB_MERCHANT } from '../../support/harness/placing.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const MINUTE_MS = 60_000;

/** By how much the clock of the gateway is ahead. */
let aheadMs = 0;
const sandbox = useSandbox({ now: () => Date.now() + aheadMs });
const pay: typeof sandbox.gateway.customer.pay = (...args) => sandbox.gateway.customer.pay(...args);
const scene = { payerClientIp: '14.23.150.211', h5Info: { type: 'Wap' } } as const;

describe('MockWxPayGateway.customer.pay', () => {
  it('pays the order that a prepay_id belongs to', async () => {
    const request = { ...newOrder(), payer: { openid: OPENID } };
    const { prepayId } = await sandbox.merchant.prepay.jsapi(request);
    await sandbox.merchant.prepay.jsapi({ ...newOrder(), payer: { openid: OPENID } });

    const order = pay(prepayId, { openid: OPENID });

    expect(order).toMatchObject({ outTradeNo: request.outTradeNo, tradeState: 'SUCCESS' });
    expect((order as MockOrder).payer).toEqual({ openid: OPENID });
  });

  it('pays at the address in a QR code, for the sub-merchant of the order', async () => {
    const { codeUrl, ref } = await sandbox.merchant.prepay.native(newOrder(SUB_MERCHANT));

    pay(codeUrl);

    const { outTradeNo, subMchid } = ref;
    expect(sandbox.gateway.orders.get({ outTradeNo, subMchid })).toMatchObject({ tradeState: 'SUCCESS' });
  });

  it('pays at an address for browsers, with or without the page that follows', async () => {
    const { h5Url, ref } = await sandbox.merchant.prepay.h5(newOrder({ sceneInfo: scene }));

    pay(`${h5Url}&redirect_url=https%3A%2F%2Fshop.example`);

    expect(sandbox.gateway.orders.get(ref.outTradeNo)).toMatchObject({ tradeState: 'SUCCESS' });
  });

  it('pays all parts of a combine order', async () => {
    const parts = ['1', '2'].map((mchid) => ({
      ...newOrder(),
      mchid: `190000000${mchid}`,
      attach: 'table 7',
    }));
    const request = { combineOutTradeNo: newOrder().outTradeNo, subOrders: parts };
    const { codeUrl } = await sandbox.merchant.combineOrder.native(request);

    pay(codeUrl);

    const { subOrders } = await sandbox.merchant.combineOrder.query(request.combineOutTradeNo);
    expect(subOrders.map(({ tradeState }) => tradeState)).toEqual(['SUCCESS', 'SUCCESS']);
  });

  it.each([
    ['prepay_id', 120],
    ['h5_url', 5],
  ])('refuses a %s after %i minutes, and takes the one of the order placed again', async (kind, minutes) => {
    const order = newOrder();
    const place = async (): Promise<string> =>
      kind === 'h5_url'
        ? (await sandbox.merchant.prepay.h5({ ...order, sceneInfo: scene })).h5Url
        : (await sandbox.merchant.prepay.app(order)).prepayId;
    const first = await place();
    const second = await place();

    aheadMs = minutes * MINUTE_MS + 10;
    const late = () => pay(first);

    expect(late).toThrow('has expired. Place the order again for a new one.');
    aheadMs = minutes * MINUTE_MS - 10_000;
    expect(pay(second)).toMatchObject({ tradeState: 'SUCCESS' });
    aheadMs = 0;
  });

  it('refuses what the gateway did not issue, and a second payment', async () => {
    const { codeUrl } = await sandbox.merchant.prepay.native(newOrder());
    pay(codeUrl);

    expect(() => pay('weixin://wxpay/bizpayurl?pr=1')).toThrow('The gateway issued no such');
    expect(() => pay(codeUrl)).toThrow('cannot be paid: it is SUCCESS.');
  });
});
