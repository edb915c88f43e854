import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { blamedParameter } from '../../support/fixtures/blamed-parameter.js';
import { handSign, send } from '../../support/signing/hand-signed-request.js';
import { unrelatedClient } from '../../support/signing/unrelated-client.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

let gateway: MockWxPayGateway;
let serial = 0;
/** The clock of the gateway; undefined for the real one. */
let now: number | undefined;

beforeAll(async () => {
  gateway = await startGateway({ now: () => now ?? Date.now() });
});
beforeEach(() => {
  now = undefined;
});
afterAll(() => gateway.stop());

const order = (change: object = {}) => ({
  appid: 'wx8888888888888888',
  mchid: '1900000001',
  description: 'tea',
  out_trade_no: `PREPAY-${++serial}`,
  notify_url: 'https://shop.example/paid',
  amount: { total: 100 },
  payer: { openid: 'oAlice' },
  ...change,
});
const place = async (body: object, way = 'jsapi', at = gateway) => {
  const path = `/v3/pay/transactions/${way}`;
  const timestamp = Math.floor((now ?? Date.now()) / 1000);
  const claims = { method: 'POST', path, body: JSON.stringify(body), timestamp };
  const reply = await send(at, handSign(at, claims));
  return { status: reply.status, ...(JSON.parse(reply.body) as { code?: string; prepay_id?: string }) };
};

const NOON = Date.parse('2026-11-21T12:00:00+08:00');
const placedAtNoon = async (change: object) => {
  now = NOON;
  const body = order(change);
  await place(body);
  return body;
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
    ['of another description', () => undefined, { description: 'cake' }, 'INVALID_REQUEST'],
    ['paid by another customer', () => undefined, { payer: { openid: 'oBob' } }, 'INVALID_REQUEST'],
    [
      'of another time_expire',
      () => undefined,
      { time_expire: '2027-01-02T00:00:00+08:00' },
      'INVALID_REQUEST',
    ],
    ['without a time_expire', () => undefined, { time_expire: undefined }, 'INVALID_REQUEST'],
  ])('refuses the number of an order that is %s', async (_, change, other, code) => {
    const body = order({ time_expire: '2027-01-01T00:00:00+08:00' });
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
    ['a number with a blank', { out_trade_no: 'ORDER 1' }, '/body/out_trade_no'],
    ['a number of 5 bytes', { out_trade_no: 'T1234' }, '/body/out_trade_no'],
    ['a number of 33 bytes', { out_trade_no: 'T'.repeat(33) }, '/body/out_trade_no'],
    ['a number with @', { out_trade_no: 'ORDER@1' }, '/body/out_trade_no'],
    ['a description of 128 characters', { description: '茶'.repeat(128) }, '/body/description'],
    ['an attach of 129 characters', { attach: '茶'.repeat(129) }, '/body/attach'],
    ['a goods_tag of 33 characters', { goods_tag: '茶'.repeat(33) }, '/body/goods_tag'],
    ['a notify_url over http', { notify_url: 'http://shop.example/paid' }, '/body/notify_url'],
    ['a notify_url at localhost', { notify_url: 'https://localhost/paid' }, '/body/notify_url'],
    ['a notify_url with a host that is no name', { notify_url: 'https://%/paid' }, '/body/notify_url'],
    ['a notify_url with a fragment', { notify_url: 'https://shop.example/paid#x' }, '/body/notify_url'],
    [
      'a notify_url of 256 bytes',
      { notify_url: `https://shop.example/${'x'.repeat(235)}` },
      '/body/notify_url',
    ],
    ['a day that does not exist', { time_expire: '2026-13-21T12:00:00+08:00' }, '/body/time_expire'],
  ])('refuses %s', async (_, change, parameter) => {
    const body = order(change);

    const reply = await place(body);

    expect(reply).toMatchObject({ status: 400, code: 'PARAM_ERROR' });
    expect(blamedParameter(reply)).toBe(parameter);
    expect(gateway.orders.get(body.out_trade_no)).toBeUndefined();
  });

  it.each([
    'shop.localhost',
    '127.0.0.1',
    '0.0.0.0',
    '10.0.0.7',
    '192.168.1.2',
    '172.16.0.1',
    '172.25.0.1',
    '172.31.255.255',
    '169.254.10.1',
  ])('refuses a notify_url at %s, which WeChat Pay cannot reach', async (host) => {
    const reply = await place(order({ notify_url: `https://${host}/paid` }));

    expect(blamedParameter(reply)).toBe('/body/notify_url');
  });

  it.each(['172.15.0.1', '172.32.0.1'])('takes a notify_url at %s, which is public', async (host) => {
    expect(await place(order({ notify_url: `https://${host}/paid` }))).toMatchObject({ status: 200 });
  });

  it('takes a number of 6 bytes, and texts of their full length', async () => {
    const body = order({
      out_trade_no: 'T-|*_1',
      description: `${'茶'.repeat(126)}🍵`,
      goods_tag: '茶'.repeat(32),
      attach: '茶'.repeat(128),
      notify_url: `https://shop.example/${'x'.repeat(234)}`,
    });

    expect(await place(body)).toMatchObject({ status: 200 });
  });

  it('takes the same order again, whatever the order of its parameters', async () => {
    const body = order({ time_expire: '2027-01-01T00:00:00+08:00' });
    await place(body);

    const again = Object.fromEntries(Object.entries(body).toReversed());

    expect(await place(again)).toMatchObject({ status: 200 });
  });

  it('refuses the same order by another way of paying', async () => {
    const body = order();
    await place(body);

    expect(await place(body, 'native')).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  });

  it('takes the number of an order that a test created, for the same amount only', async () => {
    const body = order();
    gateway.orders.create({ outTradeNo: body.out_trade_no, amount: { total: 100 } });

    const [same, other] = [await place(body), await place({ ...body, amount: { total: 1 } })];

    expect([same.status, other.code]).toEqual([200, 'INVALID_REQUEST']);
  });

  it('refuses the payment of an order after its time_expire, although the order stays open', async () => {
    const { out_trade_no: no } = await placedAtNoon({ time_expire: '2026-11-21T12:10:00+08:00' });
    now = Date.parse('2026-11-21T12:10:01+08:00');

    expect(() => gateway.orders.pay(no)).toThrow(
      `Order "${no}" cannot be paid: its time_expire was 2026-11-21T04:10:00.000Z. Place it with a later one.`,
    );
    expect(gateway.orders.get(no)?.tradeState).toBe('NOTPAY');
  });

  it('lets an order be paid at its time_expire', async () => {
    const { out_trade_no: no } = await placedAtNoon({ time_expire: '2026-11-21T12:10:00+08:00' });
    now = Date.parse('2026-11-21T12:10:00+08:00');

    expect(gateway.orders.pay(no).tradeState).toBe('SUCCESS');
  });

  it.each([
    ['2026-11-21T12:10:00+08:00', true],
    ['2026-11-21T12:10:01+08:00', false],
  ])('knows at %s if an order that expires at 12:10 can be paid: %s', async (time, isPayable) => {
    const { out_trade_no: no } = await placedAtNoon({ time_expire: '2026-11-21T12:10:00+08:00' });
    now = Date.parse(time);

    const placed = gateway.orders.list().find(({ outTradeNo }) => outTradeNo === no);

    expect(placed && gateway.orders.isPayable(placed)).toBe(isPayable);
  });

  it('moves a time_expire that is too early to a minute from now', async () => {
    const { out_trade_no: no } = await placedAtNoon({ time_expire: '2026-11-21T12:00:01+08:00' });

    expect(gateway.orders.get(no)?.timeExpire).toEqual(new Date('2026-11-21T12:01:00+08:00'));
  });
});

describe('MockWxPayGateway with allowLocalNotifyUrl, asked to place an order', () => {
  it('takes a notify_url that WeChat Pay could not reach, but none with a query', async () => {
    const lenient = await startGateway({ keys: gateway.keys, allowLocalNotifyUrl: true });
    const notifyUrl = 'http://127.0.0.1:3000/paid';

    const local = await place(order({ notify_url: notifyUrl }), 'jsapi', lenient);
    const query = await place(order({ notify_url: `${notifyUrl}?x=1` }), 'jsapi', lenient);
    await lenient.stop();

    expect([local.status, query.status]).toEqual([200, 400]);
  });
});
