import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway, type NewMockOrder } from 'nestjs-wxpay/testing';
import { blamedParameter } from '../../support/fixtures/blamed-parameter.js';
import {
  CLOSE_A1,
  handSign,
  isGenuine,
  MERCHANT_BODY,
  QUERY_A1,
  send,
  type Claims,
} from '../../support/signing/hand-signed-request.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

let gateway: MockWxPayGateway;
let serial = 0;

beforeAll(async () => {
  gateway = await startGateway({ ageRules: false });
  gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
});
afterAll(() => gateway.stop());

const ask = async (claims: Claims) => {
  const reply = await send(gateway, handSign(gateway, claims));
  const json =
    reply.body === ''
      ? undefined
      : (JSON.parse(reply.body) as { code?: string; message?: string; detail?: object });
  return { ...reply, ...json, reason: String(reply.headers['request-id']).split('-')[1] };
};
const query = (outTradeNo: string) => ask({ path: QUERY_A1.replace('A1', outTradeNo) });
const close = (outTradeNo: string) =>
  ask({ ...post(MERCHANT_BODY), path: CLOSE_A1.replace('A1', outTradeNo) });
const post = (body: string): Claims => ({ method: 'POST', path: CLOSE_A1, body });
const place = (order: Partial<NewMockOrder> = {}) =>
  gateway.orders.create({ outTradeNo: `T${++serial}`, amount: { total: 100 }, ...order }).outTradeNo;

describe('MockWxPayGateway, asked for an order', () => {
  it('signs its answer', async () => {
    const reply = await query('A1');

    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(isGenuine(gateway, reply)).toBe(true);
    expect(isGenuine(gateway, { ...reply, body: `${reply.body} ` })).toBe(false);
  });

  it('leaves out the amount of a bare order until it is paid', async () => {
    const outTradeNo = place({ bare: true });

    const unpaid = await query(outTradeNo);
    gateway.orders.pay(outTradeNo);
    const paid = await query(outTradeNo);

    expect(JSON.parse(unpaid.body)).not.toHaveProperty('amount');
    expect(JSON.parse(paid.body)).toHaveProperty('amount.total', 100);
  });

  it('returns the trade type of an unpaid order only for 付款码', async () => {
    const jsapi = await query(place({ tradeType: 'JSAPI' }));
    const micropay = await query(place({ tradeType: 'MICROPAY' }));

    expect(JSON.parse(jsapi.body)).not.toHaveProperty('trade_type');
    expect(JSON.parse(micropay.body)).toHaveProperty('trade_type', 'MICROPAY');
  });

  it('returns a state that the documentation does not have', async () => {
    const outTradeNo = place();
    gateway.orders.setState(outTradeNo, 'FROZEN');

    const { body } = await query(outTradeNo);

    expect(JSON.parse(body)).toMatchObject({ trade_state: 'FROZEN', trade_state_desc: 'FROZEN' });
  });

  it.each(['out-trade-no/NEVER', 'id/4200000000000000000000000000'])('does not know %s', async (path) => {
    const reply = await ask({ path: `/v3/pay/transactions/${path}?mchid=1900000001` });

    expect(reply).toMatchObject({ status: 404, code: 'ORDER_NOT_EXIST', reason: '268512771' });
    expect(reply.headers).not.toHaveProperty('wechatpay-signature');
  });
});

describe('MockWxPayGateway, asked to close an order', () => {
  it('signs its empty answer', async () => {
    const reply = await close(place());

    expect(reply).toMatchObject({ status: 204, body: '', reason: '0' });
    expect(isGenuine(gateway, reply)).toBe(true);
  });

  it.each(['CLOSED', 'REVOKED'])('does nothing when it is %s', async (state) => {
    const outTradeNo = place();
    gateway.orders.setState(outTradeNo, state);

    const reply = await close(outTradeNo);

    expect(reply.status).toBe(204);
    expect(gateway.orders.get(outTradeNo)?.tradeState).toBe(state);
  });

  it.each<[string, (outTradeNo: string) => unknown]>([
    ['paid', (outTradeNo) => gateway.orders.pay(outTradeNo)],
    ['refunded', (outTradeNo) => [gateway.orders.pay(outTradeNo), gateway.orders.refund(outTradeNo)]],
  ])('refuses when it is %s', async (_, change) => {
    const outTradeNo = place();
    change(outTradeNo);

    const reply = await close(outTradeNo);

    expect(reply).toMatchObject({ status: 400, code: 'ORDER_PAID', reason: '268449538' });
  });

  it.each<[string, Partial<NewMockOrder>, string]>([
    ['of 付款码', { tradeType: 'MICROPAY' }, 'NOTPAY'],
    ['whose customer is typing a password', {}, 'USERPAYING'],
    ['whose 付款码 payment failed', {}, 'PAYERROR'],
  ])('refuses an order %s', async (_, order, state) => {
    const outTradeNo = place(order);
    gateway.orders.setState(outTradeNo, state);

    const reply = await close(outTradeNo);

    expect(reply).toMatchObject({ status: 403, code: 'TRADE_ERROR', reason: '268449641' });
    expect(gateway.orders.get(outTradeNo)?.tradeState).toBe(state);
  });

  it('does not know an order that was never placed', async () => {
    const reply = await close('NEVER');

    expect(reply).toMatchObject({ status: 404, code: 'ORDER_NOT_EXIST' });
  });
});

describe('MockWxPayGateway, asked with wrong parameters', () => {
  it.each<[string, Claims, string | undefined]>([
    ['another merchant in the query', { path: QUERY_A1.replace('0001', '0002') }, '/query/mchid'],
    ['no merchant in the query', { path: QUERY_A1.split('?', 1)[0] ?? '' }, '/query/mchid'],
    ['a parameter too many in the query', { path: `${QUERY_A1}&appid=wx1` }, '/query/appid'],
    ['a parameter twice in the query', { path: `${QUERY_A1}&mchid=1900000001` }, undefined],
    [
      'a number that is too long',
      { path: QUERY_A1.replace('A1', 'A'.repeat(33)) },
      '/uri_template/out_trade_no',
    ],
    ['a number with a slash in it', { path: QUERY_A1.replace('A1', 'A%2F1') }, '/uri_template/out_trade_no'],
    ['no number', { path: QUERY_A1.replace('A1', '') }, '/uri_template/out_trade_no'],
    ['a number that cannot be decoded', { path: QUERY_A1.replace('A1', '%E4') }, undefined],
    ['another merchant in the body', post('{"mchid":"1900000002"}'), '/body/mchid'],
    ['no merchant in the body', post('{}'), '/body/mchid'],
    ['a number for a text', post('{"mchid":1900000001}'), '/body/mchid'],
    ['a field too many in the body', post('{"mchid":"1900000001","x":1}'), '/body/x'],
    ['a list for a body', post('[]'), undefined],
    ['half a body', post('{"mchid":'), undefined],
    ['no body', post(''), undefined],
    ['a query where the body counts', { ...post(MERCHANT_BODY), path: `${CLOSE_A1}?x=1` }, '/query/x'],
  ])('refuses %s', async (_, claims, parameter) => {
    const reply = await ask(claims);

    expect(reply).toMatchObject({ status: 400, code: 'PARAM_ERROR' });
    expect(blamedParameter(reply)).toBe(parameter);
    expect(gateway.orders.get('A1')?.tradeState).toBe('NOTPAY');
  });

  it('gives a superfluous parameter a reason of its own', async () => {
    const [superfluous, missing] = [await ask(post('{"mchid":"1900000001","x":1}')), await ask(post('{}'))];

    expect([superfluous.reason, missing.reason]).toEqual(['270924358', '268435461']);
  });

  it('distinguishes a parameter of the wrong type from one of another merchant', async () => {
    const [wrongType, another] = [
      await ask(post('{"mchid":1900000001}')),
      await ask(post('{"mchid":"1900000002"}')),
    ];

    expect(wrongType.message).toContain('此字段需要一个 string 类型的 Json 值');
    expect(another.message).toContain('与Authorization中的商户号不一致');
  });

  it.each<[number, Claims]>([
    [404, { path: '/v3/profitsharing/orders' }],
    [404, { path: '/pay/report' }],
    [405, { ...post(MERCHANT_BODY), method: 'PUT' }],
    [405, { ...post(MERCHANT_BODY), path: QUERY_A1 }],
  ])('answers %s, empty, where it has no such endpoint', async (status, claims) => {
    const reply = await ask(claims);

    expect(reply).toMatchObject({ status, body: '' });
  });
});

describe('MockWxPayGateway.requests', () => {
  beforeEach(() => query('A1'));

  it('shows what arrived and what was answered, without the signature', async () => {
    await close('NEVER');
    await ask({ mchid: '1900000002' });

    const [asked, closed, refused] = gateway.requests.slice(-3);

    expect(asked).toMatchObject({
      method: 'GET',
      path: QUERY_A1,
      operation: 'order.query',
      outTradeNo: 'A1',
      status: 200,
    });
    expect(asked?.code).toBeUndefined();
    expect(asked?.headers.authorization).toMatch(
      /mchid="1900000001",nonce_str="\w{32}",timestamp="\d+",serial_no="\w{40}",signature="…"$/,
    );
    expect(asked?.receivedAt).toBeInstanceOf(Date);
    expect(closed).toMatchObject({
      body: MERCHANT_BODY,
      operation: 'order.close',
      outTradeNo: 'NEVER',
      status: 404,
      code: 'ORDER_NOT_EXIST',
    });
    expect(refused).toMatchObject({ status: 401, code: 'SIGN_ERROR' });
    expect(refused).not.toHaveProperty('operation');
  });

  it('names the order of a query by transaction number', async () => {
    const outTradeNo = place();
    const { transactionId } = gateway.orders.pay(outTradeNo);

    await ask({ path: `/v3/pay/transactions/id/${transactionId}?mchid=1900000001` });

    expect(gateway.requests.at(-1)).toMatchObject({ outTradeNo });
  });
});
