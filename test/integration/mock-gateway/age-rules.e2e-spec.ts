import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WxPayApiError, WxPayMerchants, type WxPayMerchant } from 'nestjs-wxpay';
import type { MockWxPayGateway, NewMockOrder } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { handSign, send } from '../../support/signing/hand-signed-request.js';
import { handSignV2, isGenuineV2, sendV2 } from '../../support/signing/hand-signed-v2.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const TOO_YOUNG_TO_CLOSE = '订单生成后不能马上调用关单接口，最短调用时间间隔为5分钟';
const TOO_YOUNG_TO_REVERSE = '调用支付接口后请勿立即调用撤销订单API，建议支付后至少15s后再调用撤销订单接口';
const merchants = new WxPayMerchants();
let gateway: MockWxPayGateway;
let v2: WxPayMerchant;
let serial = 0;
/** The clock of the gateway stands still, so that ages are exact. */
const NOW = Date.now();

beforeAll(async () => {
  gateway = await startGateway({ https: true, now: () => NOW });
  v2 = merchants.register('v2', gateway.optionsV2());
});
afterAll(async () => {
  await gateway.stop();
  await merchants.onModuleDestroy();
});

const placedSecondsAgo = (seconds: number, order: Partial<NewMockOrder> = {}) => {
  const createdAt = new Date(NOW - seconds * 1000);
  return gateway.orders.create({ outTradeNo: `AGE-${++serial}`, amount: { total: 100 }, createdAt, ...order })
    .outTradeNo;
};
const state = (no: string) => gateway.orders.get(no)?.tradeState;
const closeV2 = (no: string) =>
  sendV2(gateway, handSignV2(gateway, { path: '/pay/closeorder', fields: { out_trade_no: no } }));
const post = async (path: string, body: object) => {
  const reply = await send(gateway, handSign(gateway, { method: 'POST', path, body: JSON.stringify(body) }));
  return { status: reply.status, body: reply.body };
};
const reverseV3 = (no: string) =>
  post(`/v3/pay/transactions/out-trade-no/${no}/reverse`, {
    appid: 'wx8888888888888888',
    mchid: '1900000001',
  });
const reverseV2 = (no: string, endpoint = 'reverse') =>
  v2.client.request({ path: `/secapi/pay/${endpoint}`, fields: { out_trade_no: no } });

describe('MockWxPayGateway, asked to close an order over APIv2', () => {
  it('refuses one that is younger than 5 minutes, signed', async () => {
    const no = placedSecondsAgo(299.999);

    const reply = await closeV2(no);

    expect(reply.fields).toMatchObject({
      result_code: 'FAIL',
      err_code: 'TRADE_ERROR',
      err_code_des: TOO_YOUNG_TO_CLOSE,
    });
    expect(isGenuineV2(gateway, reply)).toBe(true);
    expect(state(no)).toBe('NOTPAY');
  });

  it('closes one that is 5 minutes old', async () => {
    const no = placedSecondsAgo(300);

    const { fields } = await closeV2(no);

    expect(fields).toMatchObject({ result_code: 'SUCCESS' });
    expect(state(no)).toBe('CLOSED');
  });

  it('says of a young one that is paid that it is paid', async () => {
    const no = placedSecondsAgo(0);
    gateway.orders.pay(no);

    expect((await closeV2(no)).fields).toMatchObject({ err_code: 'ORDERPAID' });
  });

  it('closes a young one over APIv3, where no such rule is documented', async () => {
    const no = placedSecondsAgo(0);

    const { status } = await post(`/v3/pay/transactions/out-trade-no/${no}/close`, { mchid: '1900000001' });

    expect([status, state(no)]).toEqual([204, 'CLOSED']);
  });
});

describe('MockWxPayGateway, asked to reverse an order', () => {
  it.each(['MICROPAY', 'MICROPAY of a customer who has paid'])(
    'refuses one that is younger than 15 s over APIv2: %s',
    async (kind) => {
      const no = placedSecondsAgo(14.999, { tradeType: 'MICROPAY' });
      if (kind !== 'MICROPAY') gateway.orders.pay(no);
      const before = state(no);

      const error = await failureOf(WxPayApiError, reverseV2(no));

      expect(error).toMatchObject({ code: 'TRADE_ERROR', signed: true });
      expect(error.message).toContain(TOO_YOUNG_TO_REVERSE);
      expect(state(no)).toBe(before);
    },
  );

  it('refuses one paid by face that is younger than 15 s', async () => {
    const no = placedSecondsAgo(14.999, { tradeType: 'FACEPAY' });

    const error = await failureOf(WxPayApiError, reverseV2(no, 'facepayreverse'));

    expect(error).toMatchObject({ code: 'TRADE_ERROR', signed: true });
    expect(state(no)).toBe('NOTPAY');
  });

  it('refuses one that is younger than 15 s over APIv3', async () => {
    const no = placedSecondsAgo(14.999, { tradeType: 'MICROPAY' });

    const { status, body } = await reverseV3(no);

    expect(status).toBe(403);
    expect(JSON.parse(body)).toEqual({ code: 'TRADE_ERROR', message: TOO_YOUNG_TO_REVERSE });
    expect(state(no)).toBe('NOTPAY');
  });

  it('reverses one that is 15 s old over both APIs', async () => {
    const [first, second] = [
      placedSecondsAgo(15, { tradeType: 'MICROPAY' }),
      placedSecondsAgo(15, { tradeType: 'MICROPAY' }),
    ];

    await reverseV2(first);
    await reverseV3(second);

    expect([state(first), state(second)]).toEqual(['REVOKED', 'REVOKED']);
  });

  it('reverses one paid by face that is 15 s old', async () => {
    const no = placedSecondsAgo(15, { tradeType: 'FACEPAY' });

    await reverseV2(no, 'facepayreverse');

    expect(state(no)).toBe('REVOKED');
  });

  it('lets a young one that is reversed be reversed again', async () => {
    const no = placedSecondsAgo(0, { tradeType: 'MICROPAY' });
    gateway.orders.reverse(no);

    expect(await reverseV3(no)).toMatchObject({ status: 200 });
  });
});

describe('MockWxPayGateway with ageRules: false', () => {
  it('closes and reverses orders of any age', async () => {
    const lenient = await startGateway({ keys: gateway.keys, ageRules: false });
    lenient.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
    lenient.orders.create({ outTradeNo: 'M1', amount: { total: 100 }, tradeType: 'MICROPAY' });
    const claims = {
      method: 'POST',
      path: '/v3/pay/transactions/out-trade-no/M1/reverse',
      body: '{"appid":"wx8888888888888888","mchid":"1900000001"}',
    };

    await sendV2(lenient, handSignV2(lenient, { path: '/pay/closeorder' }));
    await send(lenient, handSign(lenient, claims));
    await lenient.stop();

    expect(lenient.orders.list().map(({ tradeState }) => tradeState)).toEqual(['CLOSED', 'REVOKED']);
  });
});
