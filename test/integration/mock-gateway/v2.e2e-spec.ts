import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { Wechatpay } from 'wechatpay-axios-plugin';
import type { MockWxPayGateway, NewMockOrder } from 'nestjs-wxpay/testing';
import { startGateway } from '../../support/servers/mock-gateway.js';

interface Fields {
  readonly [name: string]: string | undefined;
}
/** The plugin's types do not tell of these. */
interface Untyped {
  readonly Hash: {
    sign(type: string, fields: Fields, key: string): string;
  };
}

const { Hash } = createRequire(import.meta.url)('wechatpay-axios-plugin') as Untyped;
const APPID = 'wx8888888888888888';
const MCHID = '1900000001';
const COUPONS = [
  {
    couponId: '109519',
    name: 'tea & cake',
    scope: 'SINGLE',
    type: 'CASH',
    amount: 20,
    stockId: '931386',
    merchantContribute: 20,
    goodsDetail: [{ goodsId: 'M1006', quantity: 1, unitPrice: 100, discountAmount: 20 }],
  },
  { couponId: '109520', type: 'NOCASH', amount: 10 },
];

let gateway: MockWxPayGateway;
let client: Wechatpay;
let serial = 0;

beforeAll(async () => {
  gateway = await startGateway({ ageRules: false });
  client = new Wechatpay({
    mchid: MCHID,
    secret: gateway.keys.apiV2Key,
    serial: gateway.keys.merchantSerialNo,
    privateKey: gateway.keys.merchantPrivateKey,
    certs: { [gateway.keys.publicKeyId]: gateway.keys.platformPublicKey },
    baseURL: gateway.url,
  });
});
afterAll(() => gateway.stop());

const place = (order: Partial<NewMockOrder> = {}) =>
  gateway.orders.create({ outTradeNo: `T${++serial}`, amount: { total: 100 }, ...order });

describe.each(['MD5', 'HMAC-SHA256'])(
  'MockWxPayGateway over APIv2 with %s, used by an unrelated client',
  (signType) => {
    /** The client signs, and verifies the reply in the way that its signature looks. */
    const ask = async (path: string, fields: Fields): Promise<Fields> => {
      const nonce = `n${++serial}`;
      const { data }: { readonly data: Fields } = await client
        .chain(`v2/pay/${path}`)
        .post({ appid: APPID, mch_id: MCHID, nonce_str: nonce, sign_type: signType, ...fields });
      return data;
    };

    it('returns an unpaid order', async () => {
      const { outTradeNo } = place({ attach: 'table 7 <&>', sceneInfo: { deviceId: 'till 3' } });

      const fields = await ask('orderquery', { out_trade_no: outTradeNo });

      expect(fields).toEqual({
        return_code: 'SUCCESS',
        return_msg: 'OK',
        appid: APPID,
        mch_id: MCHID,
        nonce_str: expect.stringMatching(/^[0-9a-f]{32}$/),
        result_code: 'SUCCESS',
        out_trade_no: outTradeNo,
        attach: 'table 7 <&>',
        device_info: 'till 3',
        trade_state: 'NOTPAY',
        trade_state_desc: '订单未支付',
        total_fee: '100',
        sign: Hash.sign(signType, fields, gateway.keys.apiV2Key),
      });
    });

    it('returns a paid order by either number, as APIv3 does', async () => {
      const { outTradeNo } = place();
      const { transactionId } = gateway.orders.pay(outTradeNo, {
        payerTotal: 70,
        openid: 'oAlice',
        bankType: 'ICBC_DEBIT',
        at: new Date('2026-11-21T16:30:05Z'),
        promotionDetail: COUPONS,
      });

      const byNumber = await ask('orderquery', { out_trade_no: outTradeNo });
      const byTransaction = await ask('orderquery', { transaction_id: transactionId, out_trade_no: 'OTHER' });

      expect(byNumber).toMatchObject({
        transaction_id: transactionId,
        trade_state: 'SUCCESS',
        trade_type: 'JSAPI',
        bank_type: 'ICBC_DEBIT',
        time_end: '20261122003005',
        total_fee: '100',
        settlement_total_fee: '90',
        fee_type: 'CNY',
        cash_fee: '70',
        cash_fee_type: 'CNY',
        openid: 'oAlice',
        is_subscribe: 'N',
        coupon_fee: '30',
        coupon_count: '2',
        coupon_id_0: '109519',
        coupon_type_0: 'CASH',
        coupon_fee_0: '20',
        coupon_id_1: '109520',
        coupon_type_1: 'NO_CASH',
        coupon_fee_1: '10',
      });
      expect(JSON.parse(String(byNumber.promotion_detail))).toEqual({
        promotion_detail: [
          {
            promotion_id: '109519',
            name: 'tea & cake',
            scope: 'SINGLE',
            type: 'COUPON',
            amount: 20,
            activity_id: '931386',
            merchant_contribute: 20,
            goods_detail: [{ goods_id: 'M1006', quantity: 1, price: 100, discount_amount: 20 }],
          },
          { promotion_id: '109520', type: 'DISCOUNT', amount: 10 },
        ],
      });
      const { nonce_str, sign, ...rest } = byNumber;
      expect(byTransaction).toMatchObject(rest);
      expect([nonce_str, sign]).not.toContain(byTransaction.nonce_str);
    });

    it('says nothing of coupons where there were none', async () => {
      const { outTradeNo } = gateway.orders.pay(place().outTradeNo);

      const fields = await ask('orderquery', { out_trade_no: outTradeNo });

      expect(Object.keys(fields).filter((name) => /coupon|promotion|settlement/.test(name))).toEqual([]);
    });

    it('returns the order of a sub-merchant', async () => {
      const order = place({ subMchid: '1900000109', subAppid: 'wxsub' });
      gateway.orders.pay(order, { openid: 'oAlice', subOpenid: 'oSubAlice' });

      const fields = await ask('orderquery', { out_trade_no: order.outTradeNo, sub_mch_id: '1900000109' });

      expect(fields).toMatchObject({
        sub_mch_id: '1900000109',
        openid: 'oAlice',
        sub_openid: 'oSubAlice',
        sub_is_subscribe: 'N',
      });
    });

    it('closes an unpaid order, for APIv3 as well', async () => {
      const { outTradeNo } = place();

      const fields = await ask('closeorder', { out_trade_no: outTradeNo });

      expect(fields).toMatchObject({ result_code: 'SUCCESS', result_msg: 'OK' });
      const { data } = await client
        .chain(`v3/pay/transactions/out-trade-no/${outTradeNo}`)
        .get({ params: { mchid: MCHID } });
      expect(data).toMatchObject({ trade_state: 'CLOSED' });
    });
  },
);
