import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { blamedParameter } from '../../support/fixtures/blamed-parameter.js';
import { handSign, isGenuine, send, type Claims } from '../../support/signing/hand-signed-request.js';
import { unrelatedClient } from '../../support/signing/unrelated-client.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const APPID = 'wx8888888888888888';
const MCHID = '1900000001';
const API = '/v3/combine-transactions/out-trade-no';

let gateway: MockWxPayGateway;
let serial = 0;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

/** Two parts, one of them a sub-merchant's. */
const place = () => {
  const no = `C${++serial}`;
  gateway.combineOrders.create({
    combineOutTradeNo: no,
    subOrders: [
      { outTradeNo: `${no}-1`, amount: { total: 100 }, attach: 'tea' },
      { outTradeNo: `${no}-2`, amount: { total: 200 }, subMchid: '1900000109', subAppid: 'wxsub' },
    ],
  });
  return no;
};
const partsOf = (no: string) => [
  { mchid: MCHID, out_trade_no: `${no}-1` },
  { mchid: MCHID, out_trade_no: `${no}-2`, sub_mchid: '1900000109', sub_appid: 'wxsub' },
];
const states = (no: string) => gateway.combineOrders.get(no)?.subOrders.map(({ tradeState }) => tradeState);
const ask = async (claims: Claims) => {
  const reply = await send(gateway, handSign(gateway, claims));
  return { ...reply, ...(reply.body === '' ? {} : (JSON.parse(reply.body) as { code?: string })) };
};
const query = (no: string) => ask({ path: `${API}/${no}` });
const close = (no: string, body: object = { combine_appid: APPID, sub_orders: partsOf(no) }) =>
  ask({ method: 'POST', path: `${API}/${no}/close`, body: JSON.stringify(body) });

describe('MockWxPayGateway, used for combine orders by an unrelated client', () => {
  it('returns an unpaid order', async () => {
    const no = place();

    const { data } = await unrelatedClient(gateway).chain(`v3/combine-transactions/out-trade-no/${no}`).get();

    expect(data).toEqual({
      combine_appid: APPID,
      combine_mchid: MCHID,
      combine_out_trade_no: no,
      sub_orders: [
        {
          mchid: MCHID,
          out_trade_no: `${no}-1`,
          trade_state: 'NOTPAY',
          attach: 'tea',
          amount: { total_amount: 100, currency: 'CNY' },
        },
        {
          mchid: MCHID,
          sub_mchid: '1900000109',
          sub_appid: 'wxsub',
          out_trade_no: `${no}-2`,
          trade_state: 'NOTPAY',
          amount: { total_amount: 200, currency: 'CNY' },
        },
      ],
    });
  });

  it('returns a paid order, with its time to the millisecond', async () => {
    const no = place();
    gateway.combineOrders.pay(no, {
      openid: 'oAlice',
      at: new Date('2026-11-21T16:30:00.123Z'),
      subOrders: { [`${no}-1`]: { payerTotal: 80, promotionDetail: [{ couponId: '1', amount: 20 }] } },
    });

    const { data } = await unrelatedClient(gateway).chain(`v3/combine-transactions/out-trade-no/${no}`).get();

    expect(data).toMatchObject({
      combine_transaction_id: expect.stringMatching(/^4200\d{24}$/),
      combine_payer_info: { openid: 'oAlice' },
      sub_orders: [
        {
          trade_type: 'JSAPI',
          trade_state: 'SUCCESS',
          bank_type: 'OTHERS',
          transaction_id: expect.stringMatching(/^4200\d{24}$/),
          success_time: '2026-11-22T00:30:00.123+08:00',
          amount: { total_amount: 100, payer_amount: 80, currency: 'CNY', payer_currency: 'CNY' },
          promotion_detail: [{ coupon_id: '1', amount: 20 }],
        },
        { trade_state: 'SUCCESS', amount: { payer_amount: 200 }, sub_openid: expect.any(String) },
      ],
    });
  });

  it('closes it as a whole, and again', async () => {
    const no = place();
    const closing = () =>
      unrelatedClient(gateway)
        .chain(`v3/combine-transactions/out-trade-no/${no}/close`)
        .post({ combine_appid: APPID, sub_orders: partsOf(no) });

    const statuses = [(await closing()).status, (await closing()).status];

    expect(statuses).toEqual([204, 204]);
    expect(states(no)).toEqual(['CLOSED', 'CLOSED']);
  });
});

describe('MockWxPayGateway, asked for a combine order', () => {
  it('returns which sub-order was refunded', async () => {
    const no = place();
    gateway.combineOrders.pay(no);
    gateway.combineOrders.refund(no, `${no}-2`);

    const reply = await query(no);

    expect(reply).toMatchObject({ sub_orders: [{ trade_state: 'SUCCESS' }, { trade_state: 'REFUND' }] });
  });

  it('takes no parameter but the number', async () => {
    const reply = await ask({ path: `${API}/${place()}?mchid=${MCHID}` });

    expect(reply).toMatchObject({ status: 400, code: 'PARAM_ERROR' });
    expect(blamedParameter(reply)).toBe('/query/mchid');
  });

  it('does not know one that was never placed', async () => {
    const [asked, closed] = [await query('NEVER'), await close('NEVER')];

    expect([asked, closed]).toMatchObject([
      { status: 404, code: 'ORDER_NOT_EXIST' },
      { status: 404, code: 'ORDER_NOT_EXIST' },
    ]);
  });

  it('does not know its numbers as those of basic orders', async () => {
    const no = place();

    const replies = await Promise.all(
      [no, `${no}-1`].map((each) =>
        ask({ path: `/v3/pay/transactions/out-trade-no/${each}?mchid=${MCHID}` }),
      ),
    );

    expect(replies.map(({ code }) => code)).toEqual(['ORDER_NOT_EXIST', 'ORDER_NOT_EXIST']);
  });

  it('answers with another one that was swapped in', async () => {
    const [no, other] = [place(), place()];
    gateway.next({ fault: 'swapped', outTradeNo: other });

    const reply = await query(no);

    expect(reply).toMatchObject({ status: 200, combine_out_trade_no: other });
    expect(isGenuine(gateway, reply)).toBe(true);
  });
});

describe('MockWxPayGateway, asked to close a combine order', () => {
  it('takes its parts in any order', async () => {
    const no = place();

    const reply = await close(no, { combine_appid: APPID, sub_orders: partsOf(no).toReversed() });

    expect(reply).toMatchObject({ status: 204, body: '' });
    expect(isGenuine(gateway, reply)).toBe(true);
    expect(gateway.requests.at(-1)).toMatchObject({ operation: 'combine.close', outTradeNo: no });
  });

  it('refuses when it is paid, though a part is refunded', async () => {
    const no = place();
    gateway.combineOrders.pay(no);

    const paid = await close(no);
    gateway.combineOrders.refund(no, `${no}-1`);
    const refunded = await close(no);

    expect([paid.code, refunded.code]).toEqual(['ORDER_PAID', 'ORDER_PAID']);
    expect(states(no)).toEqual(['REFUND', 'SUCCESS']);
  });

  type Part = ReturnType<typeof partsOf>[number];
  it.each<[string, (parts: Part[]) => object, string]>([
    ['without all its parts', (parts) => ({ sub_orders: parts.slice(0, 1) }), '/body/sub_orders'],
    ['with a part too many', (parts) => ({ sub_orders: [...parts, ...parts.slice(1)] }), '/body/sub_orders'],
    ['with a part twice', ([first]) => ({ sub_orders: [first, first] }), '/body/sub_orders'],
    ['with another number', (parts) => changed(parts, { out_trade_no: 'X' }), '/body/sub_orders'],
    ['with another merchant', (parts) => changed(parts, { mchid: '1900000002' }), '/body/sub_orders'],
    ['with another sub-merchant', (parts) => changed(parts, { sub_mchid: '1900000110' }), '/body/sub_orders'],
    ['without the sub-merchant', (parts) => changed(parts, { sub_mchid: undefined }), '/body/sub_orders'],
    ['with another sub_appid', (parts) => changed(parts, { sub_appid: 'wxother' }), '/body/sub_orders'],
    ['with another appid', () => ({ combine_appid: 'wxother' }), '/body/combine_appid'],
    ['without an appid', () => ({ combine_appid: undefined }), '/body/combine_appid'],
    ['without parts', () => ({ sub_orders: undefined }), '/body/sub_orders'],
    ['with an object for a list', () => ({ sub_orders: {} }), '/body/sub_orders'],
    ['with a text for a part', ([first]) => ({ sub_orders: [first, 'x'] }), '/body/sub_orders/1'],
    [
      'with a part without number',
      (p) => changed(p, { out_trade_no: undefined }),
      '/body/sub_orders/1/out_trade_no',
    ],
    ['with a field too many', (parts) => changed(parts, { x: '1' }), '/body/sub_orders/1/x'],
    ['with the merchant of the whole', () => ({ combine_mchid: MCHID }), '/body/combine_mchid'],
  ])('refuses %s', async (_, change, parameter) => {
    const no = place();

    const reply = await close(no, { combine_appid: APPID, sub_orders: partsOf(no), ...change(partsOf(no)) });

    expect(reply).toMatchObject({ status: 400, code: 'PARAM_ERROR' });
    expect(blamedParameter(reply)).toBe(parameter);
    expect(states(no)).toEqual(['NOTPAY', 'NOTPAY']);
  });

  function changed(parts: Part[], change: object): object {
    return { sub_orders: parts.map((part, i) => (i === 1 ? { ...part, ...change } : part)) };
  }
});
