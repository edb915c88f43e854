import { Wechatpay } from 'wechatpay-axios-plugin';

/** It verifies replies itself. */
export function createClient({ mchid, appid, serialNo, publicKeyId, merchant, platform, apiV2Key }, url) {
  const wechatpay = new Wechatpay({
    mchid,
    serial: serialNo,
    privateKey: merchant.privateKey,
    certs: { [publicKeyId]: platform.publicKey },
    secret: apiV2Key,
    baseURL: url,
  });
  const orders = wechatpay.v3.pay.transactions.outTradeNo;
  return {
    query: (no) => orders[no].get({ params: { mchid } }),
    close: (no) => orders[no].close.post({ mchid }),
    queryV2: (out_trade_no) =>
      wechatpay.v2.pay.orderquery.post({ appid, mch_id: mchid, out_trade_no, sign_type: 'HMAC-SHA256' }),
  };
}
