import { describe, expect, it } from '@jest/globals';
import type { AppPay, JsapiPay, PrepayService } from 'nestjs-wxpay';
import {
  APPID,
  expectPaySign,
  expectSigned,
  lastRequest,
  newOrder,
  OPENID,
  SUB_MERCHANT,
} from '../../support/harness/placing.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox();
const prepay = (): PrepayService => sandbox.merchant.prepay;

const PREPAY_ID = /^wx\w{32}$/;

describe('PrepayService over APIv3', () => {
  it('places an order for a page within WeChat, and signs what the page pays with', async () => {
    const request = newOrder();

    const placed = await prepay().jsapi({ ...request, payer: { openid: OPENID } });

    const pay: JsapiPay = placed.pay;
    expect(Object.keys(pay)).toEqual(['appId', 'timeStamp', 'nonceStr', 'package', 'signType', 'paySign']);
    expect(pay).toMatchObject({ appId: APPID, package: `prepay_id=${placed.prepayId}`, signType: 'RSA' });
    expect(placed.prepayId).toMatch(PREPAY_ID);
    expectPaySign(sandbox, pay, APPID);
    expect(lastRequest(sandbox)).toEqual({
      path: '/v3/pay/transactions/jsapi',
      body: {
        appid: APPID,
        mchid: '1900000001',
        description: 'Tea',
        out_trade_no: request.outTradeNo,
        notify_url: 'https://shop.example/wxpay/notifications',
        amount: { total: 1999 },
        payer: { openid: OPENID },
      },
    });
  });

  it('places an order for a mini program, whose appid is signed and not sent', async () => {
    const { pay, prepayId } = await prepay().miniProgram(newOrder({ payer: { openid: OPENID } }));

    expect(Object.keys(pay)).toEqual(['timeStamp', 'nonceStr', 'package', 'signType', 'paySign']);
    expect(pay.package).toBe(`prepay_id=${prepayId}`);
    expectPaySign(sandbox, pay, APPID);
    expect(lastRequest(sandbox).path).toBe('/v3/pay/transactions/jsapi');
  });

  it('places an order for an app, whose signature covers the bare prepay_id', async () => {
    const { pay, prepayId } = await prepay().app(newOrder());

    expect(pay).toEqual({
      appid: APPID,
      partnerid: '1900000001',
      prepayid: prepayId,
      package: 'Sign=WXPay',
      noncestr: expect.stringMatching(/^[0-9a-f]{32}$/),
      timestamp: expect.stringMatching(/^\d{10}$/),
      sign: expect.any(String),
    } satisfies Record<keyof AppPay, unknown>);
    expectSigned(sandbox, [pay.appid, pay.timestamp, pay.noncestr, prepayId], pay.sign);
  });

  it('places an order for a browser', async () => {
    const sceneInfo = { payerClientIp: '14.23.150.211', h5Info: { type: 'Wap', appName: 'Shop' } } as const;

    const { h5Url } = await prepay().h5({ ...newOrder(), sceneInfo });

    expect(h5Url).toMatch(/^https:\/\/wx\.tenpay\.com\//);
    expect(lastRequest(sandbox)).toMatchObject({
      path: '/v3/pay/transactions/h5',
      body: { scene_info: { payer_client_ip: '14.23.150.211', h5_info: { type: 'Wap', app_name: 'Shop' } } },
    });
  });

  it('places an order for a QR code', async () => {
    const { codeUrl } = await prepay().native(newOrder());

    expect(codeUrl).toMatch(/^weixin:\/\/wxpay\/bizpayurl\?pr=/);
    expect(lastRequest(sandbox).path).toBe('/v3/pay/transactions/native');
  });

  it('sends every member under its official name', async () => {
    await prepay().native({
      ...newOrder(),
      amount: { total: 1999, currency: 'CNY' },
      appid: APPID,
      notifyUrl: 'https://shop.example/other',
      expiresAt: new Date('2026-12-24T20:00:00.999+01:00'),
      attach: 'table 7',
      goodsTag: 'WXG',
      limitPay: ['no_credit'],
      supportFapiao: true,
      settleInfo: { profitSharing: true },
      detail: {
        costPrice: 2500,
        invoiceId: 'R1',
        goodsDetail: [
          { merchantGoodsId: 'G1', wechatpayGoodsId: '1001', goodsName: 'Tea', quantity: 2, unitPrice: 1000 },
        ],
      },
      sceneInfo: {
        payerClientIp: '14.23.150.211',
        deviceId: 'POS1',
        storeInfo: { id: '0001', name: 'Shop', areaCode: '440305', address: '1 Road' },
      },
    });

    expect(lastRequest(sandbox).body).toMatchObject({
      notify_url: 'https://shop.example/other',
      time_expire: '2026-12-25T03:00:00+08:00',
      attach: 'table 7',
      goods_tag: 'WXG',
      limit_pay: ['no_credit'],
      support_fapiao: true,
      amount: { total: 1999, currency: 'CNY' },
      settle_info: { profit_sharing: true },
      detail: {
        cost_price: 2500,
        invoice_id: 'R1',
        goods_detail: [
          {
            merchant_goods_id: 'G1',
            wechatpay_goods_id: '1001',
            goods_name: 'Tea',
            quantity: 2,
            unit_price: 1000,
          },
        ],
      },
      scene_info: {
        payer_client_ip: '14.23.150.211',
        device_id: 'POS1',
        store_info: { id: '0001', name: 'Shop', area_code: '440305', address: '1 Road' },
      },
    });
  });

  it('returns what settle and watch take as it is', async () => {
    const before = Date.now();
    const expiresAt = new Date(Date.now() + 900_000);

    const request = newOrder({ ...SUB_MERCHANT, expiresAt });
    const placed = await prepay().native(request);

    expect(placed.ref).toEqual({ outTradeNo: request.outTradeNo, ...SUB_MERCHANT });
    expect(placed.createdAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(placed.createdAt.getTime()).toBeLessThanOrEqual(Date.now());
    expect(Math.abs(placed.expiresAt.getTime() - expiresAt.getTime())).toBeLessThan(1_000);
    await expect(
      sandbox.merchant.orderSettle.settle(placed.ref, { createdAt: placed.createdAt }),
    ).resolves.toMatchObject({ outcome: 'too-young' });
  });

  it('says seven days for an order without expiresAt, and sends no time', async () => {
    const { createdAt, expiresAt } = await prepay().native(newOrder());

    expect(expiresAt.getTime() - createdAt.getTime()).toBe(7 * 86_400_000);
    expect(lastRequest(sandbox).body).not.toHaveProperty('time_expire');
  });

  it('places an order with a Chinese description of 127 characters', async () => {
    const request = newOrder({
      description: '茶'.repeat(127),
      attach: '桌'.repeat(128),
      goodsTag: '券'.repeat(32),
    });

    await expect(prepay().native(request)).resolves.toHaveProperty('codeUrl');
  });

  it('takes an expiresAt less than a minute ahead, which WeChat Pay moves to a minute after it placed the order', async () => {
    const request = newOrder({ expiresAt: new Date(Date.now() + 2_000) });

    const { createdAt } = await prepay().native(request);

    const timeExpire = sandbox.gateway.orders.get(request.outTradeNo)?.timeExpire?.getTime() ?? 0;
    expect(lastRequest(sandbox).body).toHaveProperty('time_expire');
    expect(timeExpire - createdAt.getTime()).toBeGreaterThanOrEqual(60_000);
    expect(timeExpire - Date.now()).toBeLessThanOrEqual(60_000);
  });

  it('places the same order again with the same bytes, for a fresh prepay_id', async () => {
    const request = { ...newOrder(), payer: { openid: OPENID } };

    const first = await prepay().jsapi(request);
    const bytes = sandbox.gateway.requests.at(-1)?.body;
    const second = await prepay().jsapi(request);

    expect(sandbox.gateway.requests.at(-1)?.body).toBe(bytes);
    expect(second.prepayId).not.toBe(first.prepayId);
  });

  it('refuses another content under the same number', async () => {
    const request = newOrder();
    await prepay().native(request);

    await expect(prepay().native({ ...request, description: 'Cake' })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      kind: 'order-state',
    });
  });

  it('signs anew for an order that was placed before, without a request', async () => {
    const { prepayId } = await prepay().app(newOrder());
    const { length } = sandbox.gateway.requests;

    const pay = await prepay().sign('app', prepayId, {
      appid: 'wxd678efh567hg6787',
      partnerId: '1900000109',
    });
    const page = await prepay().sign('jsapi', prepayId);

    expect(pay).toMatchObject({ appid: 'wxd678efh567hg6787', partnerid: '1900000109' });
    expectSigned(sandbox, [pay.appid, pay.timestamp, pay.noncestr, prepayId], pay.sign);
    expectPaySign(sandbox, page, APPID);
    expect(sandbox.gateway.requests).toHaveLength(length);
  });

  it.each([
    ['kind', 'native', 'wx1'],
    ['prepayId', 'app', 'wx 1'],
    ['prepayId', 'app', undefined],
    ['prepayId', 'jsapi', 'prepay_id=wx1'],
  ])('names the %s that it cannot sign', async (field, kind, prepayId) => {
    await expect(prepay().sign(kind as 'app', prepayId as string)).rejects.toMatchObject({
      code: 'WXPAY_INPUT',
      field,
    });
  });
});
