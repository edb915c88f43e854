import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HmacSha256Signer, Md5Signer, WxPayMerchants, type WxPayMerchant } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { Hash } from 'wechatpay-axios-plugin';
import { APPID, newOrder, OPENID } from '../../support/harness/placing.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const merchants = new WxPayMerchants();
let gateway: MockWxPayGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(async () => {
  await gateway.stop();
  await merchants.onModuleDestroy();
});

describe.each([
  ['MD5', (key: string) => new Md5Signer({ key })],
  ['HMAC-SHA256', (key: string) => new HmacSha256Signer({ key })],
] as const)('pay parameters over APIv2, signed with %s', (signType, signerOf) => {
  const merchantOf = (): WxPayMerchant => {
    const name = `signs-${signType}`;
    const signer = signerOf(gateway.keys.apiV2Key);
    return merchants.has(name)
      ? merchants.get(name)
      : merchants.register(name, gateway.optionsV2({ signer, sharedMchid: true }));
  };
  const signatureOf = (fields: object) => Hash.sign(signType, { ...fields }, gateway.keys.apiV2Key);

  it('are those that another client computes', async () => {
    const { pay } = await merchantOf().prepay.jsapi(newOrder({ payer: { openid: OPENID } }));
    const { pay: appPay } = await merchantOf().prepay.app(newOrder());

    const { paySign, ...fields } = pay;
    const { sign, ...appFields } = appPay;
    expect(pay.signType).toBe(signType);
    expect(paySign).toBe(signatureOf(fields));
    expect(sign).toBe(signatureOf(appFields));
  });

  it('of a mini program cover its appid', async () => {
    const { paySign, ...fields } = await merchantOf().prepay.sign('miniProgram', 'wx1');

    expect(paySign).toBe(signatureOf({ appId: APPID, ...fields }));
  });
});
