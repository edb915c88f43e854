import { Agent } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { Wechatpay } from 'wechatpay-axios-plugin';
import { paidOrder } from '../../support/harness/paid-order.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const MCHID = '1900000001';
let gateway: MockWxPayGateway;
let serial = 0;

beforeAll(async () => {
  gateway = await startGateway({ https: true });
});
afterAll(() => gateway.stop());

const ask = async (path: string, fields: object): Promise<unknown> => {
  const client = new Wechatpay({
    mchid: MCHID,
    secret: gateway.keys.apiV2Key,
    serial: gateway.keys.merchantSerialNo,
    privateKey: gateway.keys.merchantPrivateKey,
    certs: { [gateway.keys.publicKeyId]: gateway.keys.platformPublicKey },
    baseURL: gateway.url,
    httpsAgent: new Agent({ ca: gateway.certificate, ...gateway.clientCertificate }),
  });
  const common = { appid: 'wx8888888888888888', mch_id: MCHID, nonce_str: `f${++serial}` };
  const { data }: { readonly data: unknown } = await client.chain(path).post({ ...common, ...fields });
  return data;
};

describe('MockWxPayGateway, asked for a refund over APIv2 by an unrelated client', () => {
  it('accepts it, lists it in numbered fields, and refuses it with other amounts', async () => {
    const { outTradeNo } = paidOrder(gateway);
    const fields = { out_trade_no: outTradeNo, out_refund_no: 'V1', total_fee: '100', refund_fee: '30' };

    const accepted = await ask('v2/secapi/pay/refund', fields);
    gateway.refunds.settle('V1', 'CLOSED');
    const listed = await ask('v2/pay/refundquery', { out_trade_no: outTradeNo });
    const other = ask('v2/secapi/pay/refund', { ...fields, refund_fee: '31' });

    await expect(other).rejects.toThrow("result_code's value is FAIL");
    expect(gateway.requests.at(-1)?.code).toBe('REFUND_FEE_MISMATCH');
    expect(accepted).toMatchObject({ result_code: 'SUCCESS', out_refund_no: 'V1', refund_fee: '30' });
    expect(listed).toMatchObject({
      refund_count: '1',
      total_refund_count: '1',
      out_refund_no_0: 'V1',
      refund_status_0: 'REFUNDCLOSE',
    });
  });

  it.each(['http://shop.example/refunds', 'https://localhost/refunds', 'https://shop.example/refunds?a=1'])(
    'refuses the notify_url %s',
    async (notify_url) => {
      const { outTradeNo } = paidOrder(gateway);
      const fields = { out_trade_no: outTradeNo, out_refund_no: 'V2', total_fee: '100', refund_fee: '30' };

      await expect(ask('v2/secapi/pay/refund', { ...fields, notify_url })).rejects.toThrow();

      expect(gateway.requests.at(-1)?.code).toBe('PARAM_ERROR');
    },
  );
});
