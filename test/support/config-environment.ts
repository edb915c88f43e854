import type { MockWxPayGateway } from 'nestjs-wxpay/testing';

/** The variables that make a merchant of the gateway, under a prefix. */
export function environmentOf(
  { url, keys }: Pick<MockWxPayGateway, 'url' | 'keys'>,
  { prefix = 'WXPAY_', mchid = '1900000001' } = {},
): Record<string, string> {
  return {
    [`${prefix}MCHID`]: mchid,
    [`${prefix}SERIAL_NO`]: keys.merchantSerialNo,
    [`${prefix}PRIVATE_KEY`]: keys.merchantPrivateKey,
    [`${prefix}PUBLIC_KEY_ID`]: keys.publicKeyId,
    [`${prefix}PUBLIC_KEY`]: keys.platformPublicKey,
    [`${prefix}HOSTS`]: url,
  };
}

/** The same for a merchant of APIv2. */
export function v2EnvironmentOf(
  { url, keys }: Pick<MockWxPayGateway, 'url' | 'keys'>,
  { prefix = 'WXPAY_', mchid = '1900000001', appid = 'wx8888888888888888' } = {},
): Record<string, string> {
  return {
    [`${prefix}API`]: 'v2',
    [`${prefix}MCHID`]: mchid,
    [`${prefix}APPID`]: appid,
    [`${prefix}API_V2_KEY`]: keys.apiV2Key,
    [`${prefix}HOSTS`]: url,
  };
}
