import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { blamedParameter } from '../support/blamed-parameter.js';
import { handSign, send } from '../support/hand-signed-request.js';
import { unrelatedClient } from '../support/unrelated-client.js';

let gateway: MockWxPayGateway;
let serial = 0;

beforeAll(async () => {
  gateway = await MockWxPayGateway.start();
});
afterAll(() => gateway.stop());

const order = (change: object = {}) => ({
  appid: 'wx8888888888888888',
  mchid: '1900000001',
  description: 'tea',
  out_trade_no: `P${++serial}`,
  notify_url: 'https://shop.example/paid',
  amount: { total: 100 },
  payer: { openid: 'oAlice' },
  ...change,
});
const place = async (body: object, way = 'jsapi') => {
  const path = `/v3/pay/transactions/${way}`;
  const reply = await send(gateway, handSign(gateway, { method: 'POST', path, body: JSON.stringify(body) }));
  return { status: reply.status, ...(JSON.parse(reply.body) as { code?: string; prepay_id?: string }) };
};

describe('MockWxPayGateway, asked to place an order', () => {
  it.each([
    ['jsapi', 'JSAPI', { prepay_id: expect.stringMatching(/^wx\w{32}$/) }],
    ['app', 'APP', { prepay_id: expect.stringMatching(/^wx\w{32}$/) }],
    ['native', 'NATIVE', { code_url: expect.stringMatching(/^weixin:\/\/wxpay\/bizpayurl\?pr=\w+$/) }],
  ])('does so by %s, for an unrelated client', async (way, tradeType, answer) => {
    const body = order({ attach: 'table 7', scene_info: { payer_client_ip: '192.0.2.1' } });

    const { status, data } = await unrelatedClient(gateway).chain(`v3/pay/transactions/${way}`).post(body);

    expect([status, data]).toEqual([200, answer]);
    expect(gateway.orders.get(body.out_trade_no)).toMatchObject({
      tradeState: 'NOTPAY',
      tradeType,
      description: 'tea',
      attach: 'table 7',
      amount: { total: 100, currency: 'CNY' },
    });
    expect(gateway.requests.at(-1)).toMatchObject({
      operation: 'order.prepay',
      outTradeNo: body.out_trade_no,
    });
  });

  it('gives another ticket for the same order', async () => {
    const body = order();

    const [first, second] = [await place(body), await place(body)];

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.prepay_id).not.toBe(first.prepay_id);
  });

  it.each<[string, (no: string) => unknown, object, string]>([
    ['paid', (no) => gateway.orders.pay(no), {}, 'ORDER_PAID'],
    ['closed', (no) => gateway.orders.close(no), {}, 'ORDER_CLOSED'],
    ['of another amount', () => undefined, { amount: { total: 1 } }, 'INVALID_REQUEST'],
  ])('refuses the number of an order that is %s', async (_, change, other, code) => {
    const body = order();
    await place(body);
    change(body.out_trade_no);
    const before = gateway.orders.get(body.out_trade_no);

    expect(await place({ ...body, ...other })).toMatchObject({ status: 400, code });
    expect(gateway.orders.get(body.out_trade_no)).toBe(before);
  });

  it("refuses an appid that is not the merchant's", async () => {
    expect(await place(order({ appid: 'wx1' }))).toMatchObject({
      status: 400,
      code: 'APPID_MCHID_NOT_MATCH',
    });
  });

  it.each<[string, object, string]>([
    ['nobody who pays', { payer: undefined }, '/body/payer'],
    ['an amount in yuan', { amount: { total: 1.5 } }, '/body/amount/total'],
    ['a text for an amount', { amount: { total: '100' } }, '/body/amount/total'],
    ['no amount', { amount: undefined }, '/body/amount'],
    ['a field too many', { amount: { total: 1, payer_total: 1 } }, '/body/amount/payer_total'],
    ['a notify_url with a query', { notify_url: 'https://shop.example/paid?x=1' }, '/body/notify_url'],
    ['a date without zone', { time_expire: '2026-11-21T12:00:00' }, '/body/time_expire'],
    ['another merchant', { mchid: '1900000002' }, '/body/mchid'],
    ['a malformed number', { out_trade_no: 'A 1' }, '/body/out_trade_no'],
  ])('refuses %s', async (_, change, parameter) => {
    const body = order(change);

    const reply = await place(body);

    expect(reply).toMatchObject({ status: 400, code: 'PARAM_ERROR' });
    expect(blamedParameter(reply)).toBe(parameter);
    expect(gateway.orders.get(body.out_trade_no)).toBeUndefined();
  });
});
