import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  WxPayMerchants,
  WxPayProtocolError,
  WxPayTransportError,
  type PrepayService,
  type WxPayMerchant,
} from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { APPID, newOrder, OPENID, SUB_MERCHANT } from '../../support/harness/placing.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const merchants = new WxPayMerchants();
let gateway: MockWxPayGateway;
let merchant: WxPayMerchant;
const prepay = (): PrepayService => merchant.prepay;
/** The fields that the gateway received last; JSON for two of them. */
const sent = (): Record<string, string> => {
  const body = gateway.requests.at(-1)?.body ?? '';
  const fields = body.replaceAll('&quot;', '"').matchAll(/<(\w+)>([^<]*)<\/\1>/g);
  return Object.fromEntries(Array.from(fields, ([, name = '', value = '']) => [name, value]));
};
const stable = () => {
  const { nonce_str: _nonce, sign: _sign, ...others } = sent();
  return others;
};

beforeAll(async () => {
  gateway = await startGateway();
  merchant = merchants.register('v2', gateway.optionsV2());
});
afterAll(async () => {
  await gateway.stop();
  await merchants.onModuleDestroy();
});

describe('PrepayService over APIv2', () => {
  it('places an order for a page within WeChat', async () => {
    const request = newOrder({ payer: { openid: OPENID } });

    const placed = await prepay().jsapi(request);

    expect(placed.ref).toEqual({ outTradeNo: request.outTradeNo });
    expect(sent()).toMatchObject({
      appid: APPID,
      mch_id: '1900000001',
      body: 'Tea',
      out_trade_no: request.outTradeNo,
      total_fee: '1999',
      trade_type: 'JSAPI',
      openid: OPENID,
      notify_url: 'https://shop.example/wxpay/notifications',
    });
    expect(sent()).not.toHaveProperty('time_start');
    expect(gateway.orders.get(request.outTradeNo)).toMatchObject({
      tradeState: 'NOTPAY',
      tradeType: 'JSAPI',
    });
  });

  it('sends every member under its official name', async () => {
    await prepay().h5({
      ...newOrder(),
      amount: { total: 1999, currency: 'CNY' },
      expiresAt: new Date('2026-12-24T20:00:00.999+01:00'),
      attach: 'table 7',
      goodsTag: 'WXG',
      limitPay: ['no_credit'],
      supportFapiao: true,
      settleInfo: { profitSharing: false },
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
        h5Info: { type: 'iOS', appName: 'Shop', bundleId: 'example.shop' },
      },
    });

    const { detail = '', scene_info = '', ...fields } = sent();
    expect(fields).toMatchObject({
      version: '1.0',
      device_info: 'POS1',
      attach: 'table 7',
      fee_type: 'CNY',
      spbill_create_ip: '14.23.150.211',
      time_expire: '20261225030000',
      goods_tag: 'WXG',
      trade_type: 'MWEB',
      limit_pay: 'no_credit',
      receipt: 'Y',
      profit_sharing: 'N',
    });
    expect(JSON.parse(scene_info)).toEqual({
      h5_info: { type: 'IOS', app_name: 'Shop', bundle_id: 'example.shop' },
    });
    expect(JSON.parse(detail)).toEqual({
      cost_price: 2500,
      receipt_id: 'R1',
      goods_detail: [{ goods_id: 'G1', wxpay_goods_id: '1001', goods_name: 'Tea', quantity: 2, price: 1000 }],
    });
  });

  it.each([
    [
      'Wap',
      { appUrl: 'https://shop.example', appName: 'Shop' },
      { wap_url: 'https://shop.example', wap_name: 'Shop' },
    ],
    ['Android', { appName: 'Shop', packageName: 'shop' }, { app_name: 'Shop', package_name: 'shop' }],
  ] as const)('writes the scene of %s as the page for APIv2 does', async (type, given, expected) => {
    const sceneInfo = { payerClientIp: '::1', h5Info: { type, ...given } };

    const { h5Url } = await prepay().h5({ ...newOrder(), sceneInfo });

    expect(h5Url).toMatch(/^https:\/\/wx\.tenpay\.com\//);
    expect(JSON.parse(sent().scene_info ?? '')).toEqual({ h5_info: { type, ...expected } });
  });

  it("sends the machine's own address for an order without one, and the shop of the scene", async () => {
    const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);

    await prepay().native({ ...newOrder(), productId: 'P1' });
    const { spbill_create_ip } = sent();
    await prepay().native({
      ...newOrder(),
      productId: 'P1',
      sceneInfo: { payerClientIp: '14.23.150.211', storeInfo: { id: '0001', areaCode: '440305' } },
    });

    expect([...own.map(({ address }) => address), '127.0.0.1']).toContain(spbill_create_ip);
    expect(JSON.parse(sent().scene_info ?? '')).toEqual({ store_info: { id: '0001', area_code: '440305' } });
  });

  it('places orders of sub-merchants', async () => {
    const { pay } = await prepay().jsapi(newOrder({ ...SUB_MERCHANT, payer: { subOpenid: OPENID } }));

    expect(pay.appId).toBe(SUB_MERCHANT.subAppid);
    expect(sent()).toMatchObject({
      sub_mch_id: SUB_MERCHANT.subMchid,
      sub_appid: SUB_MERCHANT.subAppid,
      sub_openid: OPENID,
    });
  });

  it('refuses the shop of an H5 order, which APIv2 has no field for', async () => {
    const sceneInfo = { payerClientIp: '::1', h5Info: { type: 'Wap' }, storeInfo: { id: 'S1' } } as const;
    await expect(prepay().h5({ ...newOrder(), sceneInfo })).rejects.toThrow('sceneInfo.storeInfo must be');
  });

  it('places the same order again with the same fields, but for nonce and signature', async () => {
    const request = newOrder({ productId: 'P1' });
    gateway.next({ fault: 'reset' });

    const { codeUrl } = await prepay().native(request);
    const first = stable();
    await prepay().native(request);

    expect(codeUrl).toMatch(/^weixin:/);
    expect(stable()).toEqual(first);
  });

  it('refuses another content under the same number', async () => {
    const request = newOrder();
    await prepay().app(request);

    await expect(prepay().app({ ...request, description: 'Cake' })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      kind: 'order-state',
      message: expect.stringContaining('201 商户订单号重复'),
      signed: true,
    });
  });

  it('has an unknown outcome after a lost reply, and may be repeated', async () => {
    const once = merchants.register('once', gateway.optionsV2({ maxAttempts: 1, sharedMchid: true }));
    gateway.next({ fault: 'reset' });

    const error = await failureOf(WxPayTransportError, once.prepay.app(newOrder()));

    expect(error).toMatchObject({ outcomeUnknown: true, retryable: true });
    expect(error.message).toContain('repeat the call with exactly the same content');
  });

  it.each<[string, object, string]>([
    ['productId', {}, 'is missing: APIv2 requires it'],
    ['limitPay', { limitPay: ['no_balance'] }, "may only be ['no_credit']"],
    ['amount.total', { amount: { total: 2 ** 31 } }, 'must be at most 2147483647'],
    ['attach', { attach: 'x'.repeat(128) }, 'must be at most 127 characters'],
    [
      'sceneInfo',
      { sceneInfo: { payerClientIp: '::1', storeInfo: { id: '1', address: 'x'.repeat(256) } } },
      'must be at most 256 characters over APIv2 as JSON',
    ],
    [
      'detail',
      {
        detail: {
          goodsDetail: Array.from({ length: 200 }, () => ({
            merchantGoodsId: 'G1',
            quantity: 1,
            unitPrice: 1,
          })),
        },
      },
      'must be at most 6000 characters over APIv2 as JSON',
    ],
  ])('names %s if APIv2 does not take it', async (field, changes, problem) => {
    const request = { ...newOrder(), ...(field === 'productId' ? {} : { productId: 'P1' }), ...changes };

    await expect(prepay().native(request)).rejects.toMatchObject({
      code: 'WXPAY_INPUT',
      field,
      message: expect.stringContaining(problem),
    });
  });

  it.each<[string, object, string]>([
    ['of another type', { trade_type: 'APP', prepay_id: 'wx1' }, '$.trade_type is not the requested one'],
    [
      'of a query',
      { trade_type: 'NATIVE', code_url: 'weixin://a', trade_state: 'NOTPAY' },
      '$.trade_state belongs',
    ],
    ['without a code_url', { trade_type: 'NATIVE', prepay_id: 'wx1' }, '$.code_url is missing'],
    ['with a page for a code_url', { trade_type: 'NATIVE', code_url: 'http://a' }, '$.code_url is a string'],
  ])('refuses a reply %s', async (_, content, problem) => {
    const body = {
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      appid: APPID,
      mch_id: '1900000001',
      nonce_str: 'n',
      ...content,
    };
    gateway.next({ reply: { status: 200, body } });
    gateway.next({ reply: { status: 200, body } });

    const error = await failureOf(WxPayProtocolError, prepay().native(newOrder({ productId: 'P1' })));

    expect(error.message).toContain(problem);
  });
});
