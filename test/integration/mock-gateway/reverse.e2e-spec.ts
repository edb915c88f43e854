import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent } from 'node:https';
import { Wechatpay } from 'wechatpay-axios-plugin';
import { WxPayMerchants } from 'nestjs-wxpay';
import type { MockWxPayGateway, NewMockOrder } from 'nestjs-wxpay/testing';
import { blamedParameter } from '../../support/fixtures/blamed-parameter.js';
import { handSign, send, type Claims } from '../../support/signing/hand-signed-request.js';
import { handSignV2, sendV2 } from '../../support/signing/hand-signed-v2.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const APPID = 'wx8888888888888888';
const MCHID = '1900000001';
const SUB = '1900000109';
const DAY_MS = 86_400_000;
const merchants = new WxPayMerchants();
const started: MockWxPayGateway[] = [];
let gateway: MockWxPayGateway;
let serial = 0;

beforeAll(async () => {
  gateway = await start(true);
});
afterAll(async () => {
  await Promise.all(started.map((each) => each.stop()));
  await merchants.onModuleDestroy();
});

const start = async (https: boolean) => {
  const one = await startGateway({ https, ageRules: false });
  started.push(one);
  return one;
};
const place = (order: Partial<NewMockOrder> = {}) =>
  gateway.orders.create({
    outTradeNo: `M${++serial}`,
    amount: { total: 100 },
    tradeType: 'MICROPAY',
    ...order,
  });
const paidDaysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);
const state = (no: string) => gateway.orders.get(no)?.tradeState;

/** What may be reversed and what may not, the same over both APIs. */
const REFUSALS: readonly [string, Partial<NewMockOrder>, (no: string) => unknown, string][] = [
  ['of another kind', { tradeType: 'JSAPI' }, () => undefined, 'TRADE_ERROR'],
  ['paid by face', { tradeType: 'FACEPAY' }, (no) => gateway.orders.pay(no), 'TRADE_ERROR'],
  ['refunded', {}, (no) => [gateway.orders.pay(no), gateway.orders.refund(no)], 'TRADE_ERROR'],
  ['paid more than 7 days ago', {}, (no) => gateway.orders.pay(no, { at: paidDaysAgo(8) }), 'REVERSE_EXPIRE'],
];

describe('MockWxPayGateway, asked to reverse an order over APIv2', () => {
  /** The unrelated client, with a client certificate of its own choice. */
  const reverse = async (
    fields: object,
    certificate: object = { ...gateway.clientCertificate },
    endpoint = 'reverse',
  ) => {
    const client = new Wechatpay({
      mchid: MCHID,
      secret: gateway.keys.apiV2Key,
      serial: gateway.keys.merchantSerialNo,
      privateKey: gateway.keys.merchantPrivateKey,
      certs: { [gateway.keys.publicKeyId]: gateway.keys.platformPublicKey },
      baseURL: gateway.url,
      httpsAgent: new Agent({ ca: gateway.certificate, ...certificate }),
    });
    const nonce = `r${++serial}`;
    const { data }: { readonly data: unknown } = await client
      .chain(`v2/secapi/pay/${endpoint}`)
      .post({ appid: APPID, mch_id: MCHID, nonce_str: nonce, ...fields });
    return data;
  };

  it.each<[string, (no: string) => unknown]>([
    ['unpaid', () => undefined],
    ['being paid', (no) => gateway.orders.setState(no, 'USERPAYING')],
    ['paid', (no) => gateway.orders.pay(no)],
    ['paid 6 days ago', (no) => gateway.orders.pay(no, { at: paidDaysAgo(6) })],
    ['reversed', (no) => gateway.orders.reverse(no)],
  ])('reverses one that is %s, for a client with the certificate of the merchant', async (_, change) => {
    const { outTradeNo } = place();
    change(outTradeNo);

    const answer = await reverse({ out_trade_no: outTradeNo });

    expect(answer).toMatchObject({ result_code: 'SUCCESS', recall: 'N' });
    expect(state(outTradeNo)).toBe('REVOKED');
    expect(gateway.requests.at(-1)).toMatchObject({ operation: 'order.reverse', outTradeNo });
  });

  it('finds it by the number of WeChat, and for a sub-merchant', async () => {
    const order = place({ subMchid: SUB });
    const { transactionId } = gateway.orders.pay(order);

    await reverse({ transaction_id: transactionId, sub_mch_id: SUB });

    expect(state(order.outTradeNo)).toBe('REVOKED');
  });

  it.each(REFUSALS)('refuses one that is %s', async (_, order, change, code) => {
    const { outTradeNo } = place(order);
    change(outTradeNo);
    const before = gateway.orders.get(outTradeNo);

    await expect(reverse({ out_trade_no: outTradeNo })).rejects.toMatchObject({
      response: { data: { err_code: code, recall: 'N' } },
    });
    expect(gateway.requests.at(-1)).toMatchObject({ code });
    expect(gateway.orders.get(outTradeNo)).toBe(before);
  });

  it('reverses one that is paid by face at an endpoint of its own, which takes no other', async () => {
    const [byFace, byCode] = [place({ tradeType: 'FACEPAY' }), place()];
    const reverseFace = ({ outTradeNo }: { readonly outTradeNo: string }) =>
      reverse({ out_trade_no: outTradeNo }, { ...gateway.clientCertificate }, 'facepayreverse');

    const answer = await reverseFace(byFace);

    expect(answer).toMatchObject({ result_code: 'SUCCESS', recall: 'N' });
    expect(state(byFace.outTradeNo)).toBe('REVOKED');
    await expect(reverseFace(byCode)).rejects.toMatchObject({
      response: { data: { err_code: 'TRADE_ERROR' } },
    });
    expect(state(byCode.outTradeNo)).toBe('NOTPAY');
  });

  it('asks to be called again where told to', async () => {
    const { outTradeNo } = place();
    gateway.next({ status: 200, code: 'SYSTEMERROR', recall: true });

    await expect(reverse({ out_trade_no: outTradeNo })).rejects.toMatchObject({
      response: { data: { err_code: 'SYSTEMERROR', recall: 'Y' } },
    });
    expect(state(outTradeNo)).toBe('NOTPAY');
  });

  it('answers with a page when the client shows no certificate, or one of a stranger', async () => {
    const { outTradeNo } = place();
    const stranger = await start(true);

    for (const certificate of [{}, { ...stranger.clientCertificate }]) {
      const refusal = reverse({ out_trade_no: outTradeNo }, certificate);

      await expect(refusal).rejects.toMatchObject({
        response: { status: 400, headers: { 'content-type': 'text/html' } },
      });
    }
    expect(state(outTradeNo)).toBe('NOTPAY');
  });

  it('asks for no certificate to query', async () => {
    const { outTradeNo } = place();

    const { fields } = await sendV2(gateway, handSignV2(gateway, { fields: { out_trade_no: outTradeNo } }));

    expect(fields).toMatchObject({ result_code: 'SUCCESS' });
  });

  it('never does so over plain HTTP, where nobody can show a certificate', async () => {
    const plain = await start(false);
    plain.orders.create({ outTradeNo: 'A1', tradeType: 'MICROPAY', amount: { total: 1 } });

    const reply = await sendV2(plain, handSignV2(plain, { path: '/secapi/pay/reverse' }));

    expect(reply.status).toBe(400);
    expect(reply.body).toContain('No required SSL certificate was sent');
    expect(plain.orders.get('A1')?.tradeState).toBe('NOTPAY');
    expect(plain.clientCertificate).toBeUndefined();
    expect(plain.optionsV2()).not.toHaveProperty('clientCertificate');
  });

  it('gives the merchant of `optionsV2` all it needs', async () => {
    const { orderReverse } = merchants.register('v2', gateway.optionsV2());
    const { outTradeNo } = place();
    gateway.orders.pay(outTradeNo);

    const reversal = await orderReverse.reverse({ outTradeNo });

    expect(reversal).toEqual({ outcome: 'reversed', refunded: true });
    expect(state(outTradeNo)).toBe('REVOKED');
  });
});

describe('MockWxPayGateway, asked to reverse an order over APIv3', () => {
  const ask = async (no: string, body: object, api = '/v3/pay/transactions') => {
    const claims: Claims = {
      method: 'POST',
      path: `${api}/out-trade-no/${no}/reverse`,
      body: JSON.stringify(body),
    };
    const reply = await send(gateway, handSign(gateway, claims));
    return { status: reply.status, ...(JSON.parse(reply.body) as { code?: string }) };
  };
  const OWN = { appid: APPID, mchid: MCHID };

  it('reverses it, paid or not', async () => {
    const [unpaid, paid] = [place().outTradeNo, gateway.orders.pay(place().outTradeNo).outTradeNo];

    const answers = [await ask(unpaid, OWN), await ask(paid, OWN), await ask(paid, OWN)];

    expect(answers).toEqual([unpaid, paid, paid].map((no) => ({ status: 200, ...OWN, out_trade_no: no })));
    expect([state(unpaid), state(paid)]).toEqual(['REVOKED', 'REVOKED']);
  });

  it('reverses that of a sub-merchant', async () => {
    const { outTradeNo } = place({ subMchid: SUB, subAppid: 'wxsub' });
    const body = { sp_appid: APPID, sp_mchid: MCHID, sub_appid: 'wxsub', sub_mchid: SUB };

    const answer = await ask(outTradeNo, body, '/v3/pay/partner/transactions');

    expect(answer).toEqual({ status: 200, ...body, out_trade_no: outTradeNo });
    expect(state(outTradeNo)).toBe('REVOKED');
  });

  it.each(REFUSALS)('refuses one that is %s', async (_, order, change, code) => {
    const { outTradeNo } = place(order);
    change(outTradeNo);
    const before = gateway.orders.get(outTradeNo);

    expect(await ask(outTradeNo, OWN)).toMatchObject({ status: 403, code });
    expect(gateway.orders.get(outTradeNo)).toBe(before);
  });

  it.each<[string, object, string | undefined, string]>([
    ['another appid', { ...OWN, appid: 'wx1' }, undefined, '/body/appid'],
    ['no appid', { mchid: MCHID }, undefined, '/body/appid'],
    ['another merchant', { ...OWN, mchid: '1900000002' }, undefined, '/body/mchid'],
    [
      'another appid of the provider',
      { sp_appid: 'wx1', sp_mchid: MCHID, sub_mchid: SUB },
      SUB,
      '/body/sp_appid',
    ],
    ['another sub_appid', { sub_appid: 'wx1', sp_mchid: MCHID, sub_mchid: SUB }, SUB, '/body/sub_appid'],
  ])('refuses %s', async (_, body, subMchid, parameter) => {
    const { outTradeNo } = place({ subMchid });
    const api = subMchid === undefined ? undefined : '/v3/pay/partner/transactions';

    const answer = await ask(outTradeNo, body, api);

    expect(answer).toMatchObject({ status: 400, code: 'PARAM_ERROR' });
    expect(blamedParameter(answer)).toBe(parameter);
    expect(state(outTradeNo)).toBe('NOTPAY');
  });

  it('does not know one that was never placed', async () => {
    expect(await ask('NEVER', OWN)).toMatchObject({ status: 404, code: 'ORDER_NOT_EXIST' });
  });
});
