import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent } from 'node:https';
import { Wechatpay } from 'wechatpay-axios-plugin';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { startGateway } from '../../support/servers/mock-gateway.js';

const MCHID = '1900000001';

describe.each(['http', 'https'] as const)(
  'MockWxPayGateway over %s, used by an unrelated client',
  (protocol) => {
    let gateway: MockWxPayGateway;
    let client: Wechatpay;

    beforeAll(async () => {
      gateway = await startGateway({ https: protocol === 'https' });
      client = new Wechatpay({
        mchid: MCHID,
        serial: gateway.keys.merchantSerialNo,
        privateKey: gateway.keys.merchantPrivateKey,
        certs: { [gateway.keys.publicKeyId]: gateway.keys.platformPublicKey },
        baseURL: gateway.url,
        httpsAgent: new Agent({ ca: gateway.certificate }),
      });
    });
    afterAll(() => gateway.stop());

    const query = (path: string) =>
      client.chain(`v3/pay/transactions/${path}`).get({ params: { mchid: MCHID } });
    const close = (outTradeNo: string) =>
      client.chain(`v3/pay/transactions/out-trade-no/${outTradeNo}/close`).post({ mchid: MCHID });

    it('returns an unpaid order', async () => {
      gateway.orders.create({ outTradeNo: 'UNPAID', amount: { total: 100 }, attach: 'table 7' });

      const { status, data } = await query('out-trade-no/UNPAID');

      expect(status).toBe(200);
      expect(data).toEqual({
        appid: 'wx8888888888888888',
        mchid: MCHID,
        out_trade_no: 'UNPAID',
        trade_state: 'NOTPAY',
        trade_state_desc: '订单未支付',
        attach: 'table 7',
        amount: { total: 100, currency: 'CNY' },
      });
    });

    it('returns a paid order by either number', async () => {
      gateway.orders.create({
        outTradeNo: 'PAID',
        amount: { total: 100 },
        sceneInfo: { deviceId: 'till 3' },
      });
      const { transactionId } = gateway.orders.pay('PAID', {
        payerTotal: 80,
        openid: 'oAlice',
        bankType: 'ICBC_DEBIT',
        at: new Date('2026-11-21T16:30:00Z'),
        promotionDetail: [
          {
            couponId: '109519',
            scope: 'SINGLE',
            amount: 20,
            goodsDetail: [{ goodsId: 'M1006', quantity: 1, unitPrice: 100, discountAmount: 20 }],
          },
        ],
      });

      const byNumber = await query('out-trade-no/PAID');
      const byTransaction = await query(`id/${transactionId}`);

      expect(byNumber.data).toEqual({
        appid: 'wx8888888888888888',
        mchid: MCHID,
        out_trade_no: 'PAID',
        transaction_id: transactionId,
        trade_type: 'JSAPI',
        trade_state: 'SUCCESS',
        trade_state_desc: '支付成功',
        bank_type: 'ICBC_DEBIT',
        success_time: '2026-11-22T00:30:00+08:00',
        payer: { openid: 'oAlice' },
        amount: { total: 100, payer_total: 80, currency: 'CNY', payer_currency: 'CNY' },
        scene_info: { device_id: 'till 3' },
        promotion_detail: [
          {
            coupon_id: '109519',
            scope: 'SINGLE',
            amount: 20,
            goods_detail: [{ goods_id: 'M1006', quantity: 1, unit_price: 100, discount_amount: 20 }],
          },
        ],
      });
      expect(byTransaction.data).toEqual(byNumber.data);
    });

    it('closes an unpaid order with an empty, signed 204, and again', async () => {
      gateway.orders.create({ outTradeNo: 'TO_CLOSE', amount: { total: 100 } });

      const first = await close('TO_CLOSE');
      const second = await close('TO_CLOSE');

      expect([first.status, first.data, second.status]).toEqual([204, '', 204]);
      expect(gateway.orders.get('TO_CLOSE')?.tradeState).toBe('CLOSED');
    });

    it('refuses to close a paid order', async () => {
      gateway.orders.create({ outTradeNo: 'PAID_TOO', amount: { total: 100 } });
      gateway.orders.pay('PAID_TOO');

      const refusal = close('PAID_TOO');

      await expect(refusal).rejects.toMatchObject({
        response: { status: 400, data: { code: 'ORDER_PAID' } },
      });
      expect(gateway.orders.get('PAID_TOO')?.tradeState).toBe('SUCCESS');
    });

    it('does not know an order that was never placed', async () => {
      const refusal = query('out-trade-no/NEVER');

      await expect(refusal).rejects.toMatchObject({
        response: {
          status: 404,
          data: { code: 'ORDER_NOT_EXIST' },
          headers: { 'request-id': expect.stringMatching(/^[0-9A-F]+-268512771$/) },
        },
      });
    });

    it.each([
      ['a tampered body', 'tampered-body', 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
      ['a missing signature', 'unsigned', 'EV3_RES_HEADERS_INCOMPLATE'],
      ['a wrong signature', 'wrong-signature', 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
      ['an unknown key', 'unknown-serial', 'EV3_RES_HEADER_PLATFORM_SERIAL'],
    ] as const)('makes the client notice %s', async (_, fault, code) => {
      gateway.orders.create({ outTradeNo: fault, amount: { total: 100 } });
      gateway.next({ fault });

      const answer = query(`out-trade-no/${fault}`);

      await expect(answer).rejects.toMatchObject({ code });
    });
  },
);
