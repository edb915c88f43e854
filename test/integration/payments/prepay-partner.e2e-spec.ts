import { describe, expect, it } from '@jest/globals';
import type { PrepayService } from 'nestjs-wxpay';
import {
  APPID,
  expectPaySign,
  lastRequest,
  newOrder,
  OPENID,
  SUB_MERCHANT,
} from '../../support/harness/placing.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox();
const prepay = (): PrepayService => sandbox.merchant.prepay;

describe('PrepayService of a service provider', () => {
  it('places the order of a sub-merchant for a customer of its own', async () => {
    const { pay } = await prepay().jsapi({ ...newOrder(SUB_MERCHANT), payer: { openid: OPENID } });

    expectPaySign(sandbox, pay, APPID);
    expect(lastRequest(sandbox)).toMatchObject({
      path: '/v3/pay/partner/transactions/jsapi',
      body: {
        sp_appid: APPID,
        sp_mchid: '1900000001',
        sub_mchid: SUB_MERCHANT.subMchid,
        sub_appid: SUB_MERCHANT.subAppid,
        payer: { sp_openid: OPENID },
      },
    });
    expect(lastRequest(sandbox).body).not.toHaveProperty('appid');
  });

  it("signs with the sub-merchant's appid for a customer of the sub-merchant", async () => {
    const { pay } = await prepay().jsapi({ ...newOrder(SUB_MERCHANT), payer: { subOpenid: OPENID } });

    expect(pay.appId).toBe(SUB_MERCHANT.subAppid);
    expectPaySign(sandbox, pay, SUB_MERCHANT.subAppid);
    expect(lastRequest(sandbox).body).toMatchObject({ payer: { sub_openid: OPENID } });
  });

  it('sends its own number as partnerid, unless another is given', async () => {
    const own = await prepay().app(newOrder(SUB_MERCHANT));
    const other = await prepay().app({ ...newOrder(SUB_MERCHANT), partnerId: SUB_MERCHANT.subMchid });

    expect([own.pay.partnerid, other.pay.partnerid]).toEqual(['1900000001', SUB_MERCHANT.subMchid]);
  });

  it('signs for the app of the sub-merchant, if the order names its appid', async () => {
    const { pay } = await prepay().app(newOrder({ ...SUB_MERCHANT, subAppid: 'wxSubMerchantApp' }));

    expect(pay.appid).toBe('wxSubMerchantApp');
  });

  it.each(['h5', 'native'] as const)('places orders for %s', async (form) => {
    const sceneInfo = { payerClientIp: '::1', h5Info: { type: 'Wap' as const } };

    const request = newOrder({ ...SUB_MERCHANT, sceneInfo });

    await prepay()[form](request);

    expect(lastRequest(sandbox).path).toBe(`/v3/pay/partner/transactions/${form}`);
    expect(sandbox.gateway.orders.get(request)).toMatchObject({
      tradeState: 'NOTPAY',
      subMchid: SUB_MERCHANT.subMchid,
    });
  });
});

describe('a merchant without defaults', () => {
  it.each(['appid', 'notifyUrl'] as const)(
    'says how to set its %s, before anything is sent',
    async (option) => {
      const merchant = sandbox.merchantWith({ [option]: undefined });
      const { length } = sandbox.gateway.requests;

      await expect(merchant.prepay.native(newOrder())).rejects.toMatchObject({
        code: 'WXPAY_CONFIG',
        merchant: merchant.name,
      });
      expect(sandbox.gateway.requests).toHaveLength(length);
    },
  );
});
