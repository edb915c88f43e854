import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Wechatpay } from 'wechatpay-axios-plugin';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { handSignV2, sendV2 } from '../../support/signing/hand-signed-v2.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

type Fields = Readonly<Record<string, string>>;

const NOON = Date.parse('2026-11-21T12:00:00+08:00');

let gateway: MockWxPayGateway;
let client: Wechatpay;
let serial = 0;

beforeAll(async () => {
  gateway = await startGateway();
  client = new Wechatpay({
    mchid: '1900000001',
    secret: gateway.keys.apiV2Key,
    serial: gateway.keys.merchantSerialNo,
    privateKey: gateway.keys.merchantPrivateKey,
    certs: { [gateway.keys.publicKeyId]: gateway.keys.platformPublicKey },
    baseURL: gateway.url,
  });
});
afterAll(() => gateway.stop());

const order = (changes: object = {}) => ({
  appid: 'wx8888888888888888',
  mch_id: '1900000001',
  body: 'tea',
  out_trade_no: `UNIFIED-${++serial}`,
  total_fee: '100',
  spbill_create_ip: '14.23.150.211',
  notify_url: 'https://shop.example/paid',
  trade_type: 'JSAPI',
  openid: 'oAlice',
  ...changes,
});
const place = async (fields: object): Promise<Fields> => {
  const { data }: { readonly data: Fields } = await client
    .chain('v2/pay/unifiedorder')
    .post({ ...fields, nonce_str: `n${++serial}` });
  return data;
};

const placeAt = async (at: MockWxPayGateway, given: object) =>
  sendV2(at, handSignV2(at, { path: '/pay/unifiedorder', fields: { ...given } }));

const refusalOf = async (given: object): Promise<string | undefined> =>
  (await placeAt(gateway, given)).fields.err_code;

describe('MockWxPayGateway, asked to place an order over APIv2 by an unrelated client', () => {
  it.each([
    ['JSAPI', {}, { prepay_id: expect.stringMatching(/^wx\w{32}$/) }],
    ['APP', {}, { prepay_id: expect.stringMatching(/^wx\w{32}$/) }],
    ['NATIVE', { product_id: 'P1' }, { code_url: expect.stringMatching(/^weixin:/) }],
    ['MWEB', { scene_info: '{"h5_info":{"type":"Wap"}}' }, { mweb_url: expect.stringMatching(/^https:/) }],
  ])('does so for %s', async (trade_type, changes, ticket) => {
    const fields = order({ trade_type, attach: 'table 7', ...changes });

    expect(await place(fields)).toMatchObject({ result_code: 'SUCCESS', trade_type, ...ticket });
    expect(gateway.orders.get(fields.out_trade_no)).toMatchObject({
      tradeState: 'NOTPAY',
      tradeType: trade_type,
      attach: 'table 7',
      amount: { total: 100 },
    });
    expect(gateway.requests.at(-1)).toMatchObject({ operation: 'order.prepay' });
  });

  it('gives another prepay_id for the same order, and none for another content', async () => {
    const fields = order();
    const [first, second] = [await place(fields), await place(fields)];

    expect(second.prepay_id).not.toBe(first.prepay_id);
    expect(await refusalOf({ ...fields, total_fee: '1' })).toBe('INVALID_REQUEST');
    gateway.orders.pay(fields.out_trade_no);
    expect(await refusalOf(fields)).toBe('ORDERPAID');
  });

  it.each<[string, object, string]>([
    ['no customer', { openid: undefined }, 'PARAM_ERROR'],
    ['no address', { spbill_create_ip: undefined }, 'LACK_PARAMS'],
    ['no product', { trade_type: 'NATIVE' }, 'PARAM_ERROR'],
    ['no scene', { trade_type: 'MWEB' }, 'PARAM_ERROR'],
    ['a short number', { out_trade_no: 'T1234' }, 'PARAM_ERROR'],
    ['an amount in yuan', { total_fee: '1.5' }, 'PARAM_ERROR'],
    ['a notify_url with a query', { notify_url: 'https://shop.example/?a=1' }, 'PARAM_ERROR'],
    ['a notify_url over http', { notify_url: 'http://shop.example/paid' }, 'PARAM_ERROR'],
    ['a notify_url at localhost', { notify_url: 'https://localhost/paid' }, 'PARAM_ERROR'],
    ['a notify_url in its own network', { notify_url: 'https://192.168.1.2/paid' }, 'PARAM_ERROR'],
    ['a notify_url at the address of IPv6', { notify_url: 'https://[::1]/paid' }, 'PARAM_ERROR'],
    ['a notify_url with a host that is no name', { notify_url: 'https://%/paid' }, 'PARAM_ERROR'],
    ['a scene that is no JSON', { scene_info: '{shop}' }, 'PARAM_ERROR'],
    ['a field too many', { total: '1' }, 'PARAM_ERROR'],
  ])('refuses one with %s', async (_, changes, err_code) => {
    const fields = order(changes);

    expect(await refusalOf(fields)).toBe(err_code);
    expect(gateway.orders.list().some(({ outTradeNo }) => outTradeNo === fields.out_trade_no)).toBe(false);
  });

  it('takes a notify_url that it could not reach with allowLocalNotifyUrl, but none with a query', async () => {
    const lenient = await startGateway({ keys: gateway.keys, allowLocalNotifyUrl: true });
    const notify_url = 'http://127.0.0.1:3000/paid';

    const replies = [
      await placeAt(lenient, order({ notify_url })),
      await placeAt(lenient, order({ notify_url: `${notify_url}?x=1` })),
    ];
    await lenient.stop();

    expect(replies.map(({ fields }) => fields.err_code)).toEqual([undefined, 'PARAM_ERROR']);
  });

  it.each([
    ['in the past', '20261121115900'],
    ['in less than five minutes', '20261121120459'],
  ])('refuses a time_expire %s unsigned, and places nothing', async (_, time_expire) => {
    await using clocked = await startGateway({ keys: gateway.keys, now: () => NOON });

    const { fields } = await placeAt(clocked, order({ time_expire }));

    const return_msg = 'time_expire时间过短，刷卡至少1分钟，其他5分钟';
    expect(fields).toEqual({ return_code: 'FAIL', return_msg });
    expect(clocked.requests.at(-1)).toMatchObject({ operation: 'order.prepay', code: 'PARAM_ERROR' });
    expect(clocked.orders.list()).toHaveLength(0);
  });

  it('takes a time_expire in five minutes', async () => {
    await using clocked = await startGateway({ keys: gateway.keys, now: () => NOON });

    const { fields } = await placeAt(clocked, order({ time_expire: '20261121120500' }));

    expect(fields).toMatchObject({ result_code: 'SUCCESS' });
  });

  it('refuses the payment of an order after its time_expire', async () => {
    let now = NOON;
    await using clocked = await startGateway({ keys: gateway.keys, now: () => now });
    const given = order({ time_expire: '20261121121000' });
    await placeAt(clocked, given);

    now += 11 * 60_000;

    expect(() => clocked.orders.pay(given.out_trade_no)).toThrow(
      'its time_expire was 2026-11-21T04:10:00.000Z',
    );
  });
});
