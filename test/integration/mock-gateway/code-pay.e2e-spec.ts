import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway, MockCodePayment } from 'nestjs-wxpay/testing';
import { eventually } from '../../support/assertions/eventually.js';
import { blamedParameter } from '../../support/fixtures/blamed-parameter.js';
import { handSign, send } from '../../support/signing/hand-signed-request.js';
import { handSignV2, sendV2 } from '../../support/signing/hand-signed-v2.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const OWN = { appid: 'wx8888888888888888', mchid: '1900000001' };
let gateway: MockWxPayGateway;
let serial = 0;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

const newNo = (): string => `PAYCODE${++serial}`;
const show = (payment?: MockCodePayment) => gateway.customer.showCode(payment);
const stateOf = (no: string) => gateway.orders.get(no)?.tradeState;
const bodyOf = (no: string, authCode: string) => ({
  ...OWN,
  description: 'tea',
  out_trade_no: no,
  payer: { auth_code: authCode },
  amount: { total: 100 },
  scene_info: { store_info: { out_id: 'S1' } },
});

async function pay(body: object) {
  const claims = { method: 'POST', path: '/v3/pay/transactions/codepay', body: JSON.stringify(body) };
  const reply = await send(gateway, handSign(gateway, claims));
  return { status: reply.status, ...(JSON.parse(reply.body) as { code?: string }) };
}

const paymentOf = (no: string, authCode: string) => ({
  out_trade_no: no,
  body: 'tea',
  total_fee: '100',
  spbill_create_ip: '203.0.113.7',
  auth_code: authCode,
});

/** Returns a time as `yyyyMMddHHmmss` in China's time zone. */
function timeOf(time = new Date(0)): string {
  return new Date(time.getTime() + 28_800_000).toISOString().replace(/\D/g, '').slice(0, 14);
}
const timeIn = (ms: number): string => timeOf(new Date(Date.now() + ms));

async function payV2(no: string, authCode: string, more: Record<string, string> = {}) {
  const fields = { ...paymentOf(no, authCode), ...more };
  return (await sendV2(gateway, handSignV2(gateway, { path: '/pay/micropay', fields }))).fields;
}

describe('MockWxPayGateway, asked to charge a payment code over APIv3', () => {
  it('replies with the paid order', async () => {
    const no = newNo();

    const reply = await pay(bodyOf(no, show()));

    expect(reply).toMatchObject({
      status: 200,
      out_trade_no: no,
      trade_state: 'SUCCESS',
      trade_type: 'MICROPAY',
    });
    expect(stateOf(no)).toBe('SUCCESS');
  });

  it('replies with 202 and hardly a member while the customer enters the password', async () => {
    const no = newNo();

    const reply = await pay(bodyOf(no, show({ password: 'right', afterMs: 50 })));

    expect(reply).toEqual({ status: 202, mchid: OWN.mchid, out_trade_no: no, trade_state: 'USERPAYING' });
    await eventually(() => expect(stateOf(no)).toBe('SUCCESS'));
  });

  it('fails the payment after a wrong password, unless the order was closed before', async () => {
    const [wrong, late] = [newNo(), newNo()];
    await pay(bodyOf(wrong, show({ password: 'wrong', afterMs: 50 })));
    await pay(bodyOf(late, show({ password: 'right', afterMs: 50 })));
    gateway.orders.setState(late, 'REVOKED');

    await eventually(() => expect(stateOf(wrong)).toBe('PAYERROR'));

    expect(stateOf(late)).toBe('REVOKED');
  });

  it.each([
    ['expired', 'AUTHCODEEXPIRE'],
    ['invalid', 'AUTH_CODE_INVALID'],
    ['balance-too-low', 'NOT_ENOUGH'],
    ['card-not-supported', 'NOTSUPORTCARD'],
  ] as const)('refuses a code that is to be refused as %s', async (refusal, code) => {
    const no = newNo();

    expect(await pay(bodyOf(no, show({ refusal })))).toMatchObject({ status: 403, code });

    expect(stateOf(no)).toBeUndefined();
  });

  it('takes a code that it has shown once, and any other code again', async () => {
    const [shown, other] = [show(), '130000000000000001'];

    const codes = [];
    for (const authCode of [shown, shown, other, other]) {
      codes.push((await pay(bodyOf(newNo(), authCode))).code);
    }

    expect(codes).toEqual([undefined, 'AUTH_CODE_INVALID', undefined, undefined]);
  });

  it.each([
    ['paid', 'ORDER_PAID', (no: string) => gateway.orders.pay(no)],
    ['closed', 'ORDER_CLOSED', (no: string) => gateway.orders.close(no)],
    ['reversed', 'ORDERREVERSED', (no: string) => gateway.orders.setState(no, 'REVOKED')],
    ['open', 'OUT_TRADE_NO_USED', () => undefined],
  ])('refuses the number of an order that is %s', async (_, code, change) => {
    const no = newNo();
    gateway.orders.create({ outTradeNo: no, amount: { total: 100 } });
    change(no);

    expect(await pay(bodyOf(no, show()))).toMatchObject({ code });
  });

  it.each([
    ['/body/payer/auth_code', { payer: { auth_code: '28000000000000000' } }],
    ['/body/scene_info/store_info/out_id', { scene_info: { store_info: {} } }],
    ['/body/scene_info', { scene_info: undefined }],
    ['/body/out_trade_no', { out_trade_no: 'T1' }],
  ])('blames %s', async (parameter, wrong) => {
    const reply = await pay({ ...bodyOf(newNo(), show()), ...wrong });

    expect(reply).toMatchObject({ status: 400, code: 'PARAM_ERROR' });
    expect(blamedParameter(reply)).toBe(parameter);
  });

  it('refuses another appid', async () => {
    const reply = await pay({ ...bodyOf(newNo(), show()), appid: 'wx1' });

    expect(reply).toMatchObject({ status: 400, code: 'APPID_MCHID_NOT_MATCH' });
  });
});

describe('MockWxPayGateway, asked to charge a payment code over APIv2', () => {
  it('replies with the paid order, without a state', async () => {
    const fields = await payV2(newNo(), show());

    expect(fields).toMatchObject({ result_code: 'SUCCESS', trade_type: 'MICROPAY', total_fee: '100' });
    expect(fields).not.toHaveProperty('trade_state');
  });

  it.each<[MockCodePayment, string]>([
    [{ password: 'never' }, 'USERPAYING'],
    [{ refusal: 'expired' }, 'AUTHCODEEXPIRE'],
    [{ refusal: 'balance-too-low' }, 'NOTENOUGH'],
  ])('refuses a code with %j', async (payment, code) => {
    expect(await payV2(newNo(), show(payment))).toMatchObject({ result_code: 'FAIL', err_code: code });
  });

  it('names a field that is missing, and one that is malformed', async () => {
    expect(await payV2(newNo(), '')).toMatchObject({ err_code: 'LACK_PARAMS' });
    expect(await payV2(newNo(), '28000000000000000')).toMatchObject({ err_code: 'PARAM_ERROR' });
  });

  it.each([
    ['a short number', { out_trade_no: 'T1' }],
    ['a number with an @', { out_trade_no: 'A@12345' }],
    ['a long description', { body: '茶'.repeat(128) }],
    ['a long goods_tag', { goods_tag: 'g'.repeat(33) }],
    ['a detail that is no JSON', { detail: '{tea}' }],
    ['a time_expire with a time zone', { time_expire: '2026-11-21T12:10:00+08:00' }],
    ['a time_expire that is no date', { time_expire: '20261399999999' }],
  ])('refuses a payment with %s, and places nothing', async (_, wrong) => {
    const count = gateway.orders.list().length;

    expect(await payV2(newNo(), show(), wrong)).toMatchObject({
      result_code: 'FAIL',
      err_code: 'PARAM_ERROR',
    });
    expect(gateway.orders.list()).toHaveLength(count);
  });

  it('refuses a payment with a time_expire in less than a minute unsigned, and places nothing', async () => {
    const count = gateway.orders.list().length;

    expect(await payV2(newNo(), show(), { time_expire: timeIn(50_000) })).toEqual({
      return_code: 'FAIL',
      return_msg: 'time_expire时间过短，刷卡至少1分钟，其他5分钟',
    });
    expect(gateway.orders.list()).toHaveLength(count);
  });

  it('records the time_expire of an order', async () => {
    const [no, time_expire] = [newNo(), timeIn(300_000)];

    expect(await payV2(no, show(), { time_expire })).toMatchObject({ result_code: 'SUCCESS' });
    expect(timeOf(gateway.orders.get(no)?.timeExpire)).toBe(time_expire);
  });

  it('fails the payment whose password is right, but entered after the time_expire', async () => {
    let now = Date.now();
    const clocked = await startGateway({ keys: gateway.keys, now: () => now });
    const no = newNo();
    const fields = paymentOf(no, clocked.customer.showCode({ password: 'right', afterMs: 50 }));
    await sendV2(
      clocked,
      handSignV2(clocked, {
        path: '/pay/micropay',
        fields: { ...fields, time_expire: timeIn(120_000) },
      }),
    );
    now += 180_000;

    await eventually(() => expect(clocked.orders.get(no)?.tradeState).toBe('PAYERROR'));
    await clocked.stop();
  });
});
