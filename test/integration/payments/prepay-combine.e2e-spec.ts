import { describe, expect, it } from '@jest/globals';
import {
  WxPaySignatureError,
  WxPayTransportError,
  type CombineOrderService,
  type CombinePrepayRequest,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import {
  APPID,
  expectPaySign,
  expectSigned,
  lastRequest,
  OPENID,
  SUB_MERCHANT,
} from '../../support/harness/placing.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox();
const combine = (): CombineOrderService => sandbox.merchant.combineOrder;
let serial = 0;

const part = (changes: object = {}) => ({
  mchid: '1900000001',
  outTradeNo: `PART-${++serial}`,
  amount: { total: 100 },
  attach: 'table 7',
  description: 'Tea',
  ...changes,
});
const request = (changes: object = {}) => ({
  combineOutTradeNo: `COMBINE-${++serial}`,
  subOrders: [part(), part({ mchid: '1900000002', amount: { total: 250 } })],
  ...changes,
});
const parts = (length: number, changes: object = {}) => Array.from({ length }, () => part(changes));
const scene = { payerClientIp: '14.23.150.211', deviceId: 'POS1:1' };

describe('CombineOrderService', () => {
  it('places a combine order for a page within WeChat', async () => {
    const order = request();

    const { pay, ref } = await combine().jsapi({ ...order, payer: { openid: OPENID } });

    expect(pay.appId).toBe(APPID);
    expectPaySign(sandbox, pay, APPID);
    expect(lastRequest(sandbox)).toEqual({
      path: '/v3/combine-transactions/jsapi',
      body: {
        combine_appid: APPID,
        combine_mchid: '1900000001',
        combine_out_trade_no: order.combineOutTradeNo,
        combine_payer_info: { openid: OPENID },
        sub_orders: order.subOrders.map(({ mchid, outTradeNo, amount }) => ({
          mchid,
          out_trade_no: outTradeNo,
          amount: { total_amount: amount.total, currency: 'CNY' },
          attach: 'table 7',
          description: 'Tea',
        })),
        notify_url: 'https://shop.example/wxpay/notifications',
      },
    });
    expect(ref).toEqual({
      combineOutTradeNo: order.combineOutTradeNo,
      combineAppid: APPID,
      subOrders: order.subOrders.map(({ mchid, outTradeNo }) => ({ mchid, outTradeNo })),
    });
  });

  it('returns the request that closes the order', async () => {
    const { ref, createdAt, expiresAt } = await combine().native(request());

    await combine().close(ref);

    expect(expiresAt.getTime() - createdAt.getTime()).toBe(7 * 86_400_000);
    await expect(combine().query(ref.combineOutTradeNo)).resolves.toMatchObject({
      subOrders: [{ tradeState: 'CLOSED' }, { tradeState: 'CLOSED' }],
    });
  });

  it('places orders for mini programs and apps', async () => {
    const mini = await combine().miniProgram({ ...request(), payer: { openid: OPENID } });
    const { path } = lastRequest(sandbox);
    const { pay, prepayId } = await combine().app(request());

    expectPaySign(sandbox, mini.pay, APPID);
    expect(mini.pay).not.toHaveProperty('appId');
    expect(path).toBe('/v3/combine-transactions/jsapi');
    expect(pay).toMatchObject({ appid: APPID, partnerid: '1900000001', prepayid: prepayId });
    expectSigned(sandbox, [APPID, pay.timestamp, pay.noncestr, prepayId], pay.sign);
  });

  it('places orders for browsers and QR codes', async () => {
    const sceneInfo = { ...scene, h5Info: { type: 'Wap', appUrl: 'https://shop.example' } } as const;

    const { h5Url } = await combine().h5({ ...request(), sceneInfo });
    const { body } = lastRequest(sandbox);
    const { codeUrl } = await combine().native(request({ sceneInfo: scene }));

    expect(h5Url).toMatch(/^https:/);
    expect(body.scene_info).toEqual({
      payer_client_ip: '14.23.150.211',
      device_id: 'POS1:1',
      h5_info: { type: 'Wap', app_url: 'https://shop.example' },
    });
    expect(codeUrl).toMatch(/^weixin:/);
  });

  it('sends every member under its official name', async () => {
    const full = {
      ...SUB_MERCHANT,
      detail: 'two cups',
      goodsTag: 'WXG',
      settleInfo: { profitSharing: true, subsidyAmount: 10 },
    };

    await combine().native(
      request({
        subOrders: [part(full)],
        combineAppid: APPID,
        notifyUrl: 'https://shop.example/other',
        expiresAt: new Date('2026-12-24T20:00:00+01:00'),
        limitPay: ['no_debit'],
      }),
    );

    expect(lastRequest(sandbox).body).toMatchObject({
      sub_orders: [
        {
          sub_mchid: SUB_MERCHANT.subMchid,
          sub_appid: SUB_MERCHANT.subAppid,
          detail: 'two cups',
          goods_tag: 'WXG',
          settle_info: { profit_sharing: true, subsidy_amount: 10 },
        },
      ],
      notify_url: 'https://shop.example/other',
      time_expire: '2026-12-25T03:00:00+08:00',
      limit_pay: ['no_debit'],
    });
  });

  it.each([
    [10, {}],
    [1, SUB_MERCHANT],
    [50, SUB_MERCHANT],
  ])('places %i sub-orders, and closes them', async (count, changes) => {
    const { ref } = await combine().native(request({ subOrders: parts(count, changes) }));

    await expect(combine().close(ref)).resolves.toBeUndefined();
  });

  it.each<[field: string, changes: object]>([
    ['combineOutTradeNo', { combineOutTradeNo: 'C1' }],
    ['combineAppid', { combineAppid: 'wx 1' }],
    ['subOrders', { subOrders: undefined }],
    ['subOrders', { subOrders: parts(1) }],
    ['subOrders', { subOrders: parts(11) }],
    ['subOrders', { subOrders: parts(51, SUB_MERCHANT) }],
    ['subOrders[1].mchid', { subOrders: [part(), part({ mchid: 'x' })] }],
    ['subOrders[1].outTradeNo', { subOrders: [part(), part({ outTradeNo: 'T1' })] }],
    [
      'subOrders[1].outTradeNo',
      { subOrders: [part({ outTradeNo: 'SAME-1' }), part({ outTradeNo: 'SAME-1' })] },
    ],
    ['subOrders[0].attach', { subOrders: [part({ attach: undefined }), part()] }],
    ['subOrders[0].attach', { subOrders: [part({ attach: 'x'.repeat(129) }), part()] }],
    ['subOrders[0].description', { subOrders: [part({ description: 'x'.repeat(128) }), part()] }],
    ['subOrders[0].amount.total', { subOrders: [part({ amount: { total: 0 } }), part()] }],
    ['subOrders[0].detail', { subOrders: [part({ detail: 'x'.repeat(6_001) }), part()] }],
    ['subOrders[0].goodsTag', { subOrders: [part({ goodsTag: 'x'.repeat(33) }), part()] }],
    [
      'subOrders[0].settleInfo.subsidyAmount',
      { subOrders: [part({ settleInfo: { subsidyAmount: -1 } }), part()] },
    ],
    ['subOrders[0].subMchid', { subOrders: [part({ subAppid: 'wx1' }), part()] }],
    ['sceneInfo.deviceId', { sceneInfo: { payerClientIp: '::1', deviceId: 'x'.repeat(17) } }],
    ['sceneInfo.payerClientIp', { sceneInfo: {} }],
    ['notifyUrl', { notifyUrl: 'http://shop.example' }],
    ['expiresAt', { expiresAt: new Date(0) }],
    ['limitPay', { limitPay: ['no_money'] }],
  ])('names %s that it cannot send', async (field, changes) => {
    const { length } = sandbox.gateway.requests;

    await expect(combine().native(request(changes) as CombinePrepayRequest)).rejects.toMatchObject({
      code: 'WXPAY_INPUT',
      field,
    });
    expect(sandbox.gateway.requests).toHaveLength(length);
  });

  it('places the same order again, and refuses another content', async () => {
    const order = request();
    await combine().native(order);
    const bytes = sandbox.gateway.requests.at(-1)?.body;

    await expect(combine().native(order)).resolves.toMatchObject({ codeUrl: expect.any(String) });
    expect(sandbox.gateway.requests.at(-1)?.body).toBe(bytes);
    await expect(
      combine().native({ ...order, notifyUrl: 'https://shop.example/other' }),
    ).rejects.toMatchObject({ code: 'INVALID_REQUEST', kind: 'order-state' });
  });

  it('asks for a lost reply again, and says that this is safe', async () => {
    const order = request();
    sandbox.gateway.next({ fault: 'reset' });
    await expect(combine().native(order)).resolves.toMatchObject({ codeUrl: expect.any(String) });
    sandbox.gateway.next({ fault: 'reset' });
    const { combineOrder } = sandbox.merchantWith({ maxAttempts: 1 });

    const error = await failureOf(WxPayTransportError, combineOrder.native(order));

    expect(error).toMatchObject({ outcomeUnknown: true, retryable: true });
    expect(error.message).toContain('repeat the call with exactly the same content');
  });

  it('rejects a reply with a wrong signature', async () => {
    sandbox.gateway.next({ fault: 'wrong-signature' });
    const { combineOrder } = sandbox.merchantWith({ maxAttempts: 1 });

    await failureOf(WxPaySignatureError, combineOrder.native(request()));
  });

  it("signs for the sub-merchant's appid, under which the customer has the openid", async () => {
    const subOrders = parts(2, { ...SUB_MERCHANT, subAppid: 'wxSubMerchant' });

    const { pay, ref } = await combine().jsapi(request({ subOrders, payer: { subOpenid: OPENID } }) as never);

    expect(pay.appId).toBe('wxSubMerchant');
    expect(ref.combineAppid).toBe(APPID);
  });

  it('does not guess whose openid it is if the sub-orders have several appids', async () => {
    const subOrders = ['wx1', 'wx2'].map((subAppid) => part({ ...SUB_MERCHANT, subAppid }));
    const order = request({ subOrders, payer: { subOpenid: OPENID } });

    await expect(combine().jsapi(order as never)).rejects.toMatchObject({ field: 'payer' });
  });

  it('sends a known customer in every form, and no shop', async () => {
    await combine().native({ ...request(), payer: { openid: OPENID } });
    expect(lastRequest(sandbox).body).toMatchObject({ combine_payer_info: { openid: OPENID } });

    const order = request({ sceneInfo: { ...scene, storeInfo: { id: '1' } } });
    await expect(combine().native(order)).rejects.toMatchObject({ field: 'sceneInfo.storeInfo' });
  });
});
