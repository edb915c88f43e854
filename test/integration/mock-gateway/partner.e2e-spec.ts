import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway, type NewMockOrder } from 'nestjs-wxpay/testing';
import { blamedParameter } from '../../support/fixtures/blamed-parameter.js';
import { handSign, isGenuine, send, type Claims } from '../../support/signing/hand-signed-request.js';
import { unrelatedClient } from '../../support/signing/unrelated-client.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const SP = '1900000001';
const SUB = '1900000109';
const BODY = JSON.stringify({ sp_mchid: SP, sub_mchid: SUB });
const API = '/v3/pay/partner/transactions';
const QUERY_P1 = `${API}/out-trade-no/P1?sp_mchid=${SP}&sub_mchid=${SUB}`;
const CLOSE_P1 = `${API}/out-trade-no/P1/close`;

let gateway: MockWxPayGateway;
let serial = 0;

beforeAll(async () => {
  gateway = await startGateway();
  gateway.orders.create({ outTradeNo: 'P1', subMchid: SUB, amount: { total: 100 } });
  gateway.orders.create({ outTradeNo: 'OWN', amount: { total: 100 } });
});
afterAll(() => gateway.stop());

const place = (order: Partial<NewMockOrder> = {}) =>
  gateway.orders.create({ outTradeNo: `S${++serial}`, subMchid: SUB, amount: { total: 100 }, ...order });
const ask = async (claims: Claims) => {
  const reply = await send(gateway, handSign(gateway, claims));
  return { ...reply, ...(reply.body === '' ? {} : (JSON.parse(reply.body) as { code?: string })) };
};
const close = (body: string): Claims => ({ method: 'POST', path: CLOSE_P1, body });

describe('MockWxPayGateway, used for a sub-merchant by an unrelated client', () => {
  const query = (path: string) =>
    unrelatedClient(gateway)
      .chain(`v3/pay/partner/transactions/${path}`)
      .get({ params: { sp_mchid: SP, sub_mchid: SUB } });

  it('returns an unpaid order', async () => {
    const { outTradeNo } = place({ subAppid: 'wxsub', attach: 'table 7' });

    const { data } = await query(`out-trade-no/${outTradeNo}`);

    expect(data).toEqual({
      sp_appid: 'wx8888888888888888',
      sp_mchid: SP,
      sub_appid: 'wxsub',
      sub_mchid: SUB,
      out_trade_no: outTradeNo,
      trade_state: 'NOTPAY',
      trade_state_desc: '订单未支付',
      attach: 'table 7',
      amount: { total: 100, currency: 'CNY' },
    });
  });

  it('returns a paid order by either number', async () => {
    const { outTradeNo } = place({ subAppid: 'wxsub' });
    const { transactionId } = gateway.orders.pay(outTradeNo, { openid: 'oAlice', subOpenid: 'oSubAlice' });

    const byNumber = await query(`out-trade-no/${outTradeNo}`);
    const byTransaction = await query(`id/${transactionId}`);

    expect(byNumber.data).toMatchObject({
      transaction_id: transactionId,
      trade_state: 'SUCCESS',
      payer: { sp_openid: 'oAlice', sub_openid: 'oSubAlice' },
    });
    expect(byNumber.data).not.toHaveProperty('mchid');
    expect(byTransaction.data).toEqual(byNumber.data);
  });

  it('names the payer once where the order has no appid of the sub-merchant', async () => {
    const { outTradeNo } = place();
    gateway.orders.pay(outTradeNo, { openid: 'oAlice' });

    const { data } = await query(`out-trade-no/${outTradeNo}`);

    expect(data.payer).toEqual({ sp_openid: 'oAlice' });
    expect(data).not.toHaveProperty('sub_appid');
  });

  it('closes an unpaid order', async () => {
    const order = place();

    const { status } = await unrelatedClient(gateway)
      .chain(`v3/pay/partner/transactions/out-trade-no/${order.outTradeNo}/close`)
      .post({ sp_mchid: SP, sub_mchid: SUB });

    expect(status).toBe(204);
    expect(gateway.orders.get(order)?.tradeState).toBe('CLOSED');
  });
});

describe('MockWxPayGateway, asked for an order of another owner', () => {
  it.each([
    ['of another sub-merchant', QUERY_P1.replace(SUB, '1900000110')],
    ['of a sub-merchant, as a direct merchant', `/v3/pay/transactions/out-trade-no/P1?mchid=${SP}`],
    ['of the provider itself, as a sub-merchant', QUERY_P1.replace('P1', 'OWN')],
  ])('does not know one %s', async (_, path) => {
    expect(await ask({ path })).toMatchObject({ status: 404, code: 'ORDER_NOT_EXIST' });
  });

  it('does not know it by the number of WeChat either', async () => {
    const { transactionId } = gateway.orders.pay(place());

    const direct = await ask({ path: `/v3/pay/transactions/id/${transactionId}?mchid=${SP}` });
    const other = await ask({ path: `${API}/id/${transactionId}?sp_mchid=${SP}&sub_mchid=1900000110` });

    expect([direct.status, other.status]).toEqual([404, 404]);
  });

  it('closes nothing of it', async () => {
    const reply = await ask(close(BODY.replace(SUB, '1900000110')));

    expect(reply).toMatchObject({ status: 404, code: 'ORDER_NOT_EXIST' });
    expect(gateway.orders.get('P1')?.tradeState).toBe('NOTPAY');
  });

  it('keeps orders of one number apart', async () => {
    for (const subMchid of [SUB, '1900000110']) place({ outTradeNo: 'SAME', subMchid });
    place({ outTradeNo: 'SAME', subMchid: undefined });

    gateway.orders.pay({ outTradeNo: 'SAME', subMchid: SUB });

    const replies = await Promise.all([
      ask({ path: QUERY_P1.replace('P1', 'SAME') }),
      ask({ path: QUERY_P1.replace('P1', 'SAME').replace(SUB, '1900000110') }),
      ask({ path: `/v3/pay/transactions/out-trade-no/SAME?mchid=${SP}` }),
    ]);
    expect(replies).toMatchObject([
      { trade_state: 'SUCCESS' },
      { trade_state: 'NOTPAY' },
      { trade_state: 'NOTPAY' },
    ]);
  });
});

describe('MockWxPayGateway, asked for a sub-merchant with wrong parameters', () => {
  it.each<[string, Claims, string]>([
    ['another provider in the query', { path: QUERY_P1.replace(SP, '1900000002') }, '/query/sp_mchid'],
    ['no provider in the query', { path: QUERY_P1.replace(`sp_mchid=${SP}&`, '') }, '/query/sp_mchid'],
    ['no sub-merchant in the query', { path: QUERY_P1.replace(`&sub_mchid=${SUB}`, '') }, '/query/sub_mchid'],
    ['the name that a direct merchant has', { path: QUERY_P1.replace('sp_mchid', 'mchid') }, '/query/mchid'],
    ['a sub-merchant who is no number', { path: QUERY_P1.replace(SUB, 'me') }, '/query/sub_mchid'],
    ['another provider in the body', close(BODY.replace(SP, '1900000002')), '/body/sp_mchid'],
    ['no sub-merchant in the body', close(`{"sp_mchid":"${SP}"}`), '/body/sub_mchid'],
    ['an appid in the body', close(BODY.replace('}', ',"sub_appid":"wx1"}')), '/body/sub_appid'],
  ])('refuses %s', async (_, claims, parameter) => {
    const reply = await ask(claims);

    expect(reply).toMatchObject({ status: 400, code: 'PARAM_ERROR' });
    expect(blamedParameter(reply)).toBe(parameter);
    expect(gateway.orders.get('P1')?.tradeState).toBe('NOTPAY');
  });
});

describe('MockWxPayGateway.next, for a sub-merchant', () => {
  it('answers with another order', async () => {
    const { outTradeNo } = place();
    gateway.next({ fault: 'swapped', outTradeNo });

    const reply = await ask({ path: QUERY_P1 });

    expect(reply).toMatchObject({ status: 200, out_trade_no: outTradeNo, sub_mchid: SUB });
    expect(isGenuine(gateway, reply)).toBe(true);
  });

  it('waits for the order named, and shows it in `requests`', async () => {
    gateway.next({ when: { outTradeNo: 'P1', operation: 'order.query' }, status: 500, code: 'SYSTEM_ERROR' });

    const statuses = [(await ask({ path: QUERY_P1.replace('P1', 'OWN') })).status];
    statuses.push((await ask({ path: QUERY_P1 })).status);

    expect(statuses).toEqual([404, 500]);
    expect(gateway.requests.at(-1)).toMatchObject({ operation: 'order.query', outTradeNo: 'P1' });
  });

  it('names the order of a query by transaction number', async () => {
    const { outTradeNo, transactionId } = gateway.orders.pay(place());

    await ask({ path: `${API}/id/${transactionId}?sp_mchid=${SP}&sub_mchid=${SUB}` });

    expect(gateway.requests.at(-1)).toMatchObject({ outTradeNo });
  });
});
