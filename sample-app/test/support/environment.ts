import type { MockWxPayGateway } from 'nestjs-wxpay/testing';

/** The variables of a merchant of this gateway, all but the private key. */
export function keylessEnvironment({ url, keys }: MockWxPayGateway): Record<string, string> {
  return {
    WXPAY_MCHID: '1900000001',
    WXPAY_SERIAL_NO: keys.merchantSerialNo,
    WXPAY_PUBLIC_KEY_ID: keys.publicKeyId,
    WXPAY_PUBLIC_KEY: keys.platformPublicKey,
    WXPAY_API_V3_KEY: keys.apiV3Key,
    WXPAY_HOSTS: url,
  };
}

/** The variables of the same merchant over APIv2, as the second one of the sample. */
export function legacyEnvironment({ url, keys }: MockWxPayGateway): Record<string, string> {
  return {
    WXPAY_LEGACY_API: 'v2',
    WXPAY_LEGACY_MCHID: '1900000001',
    WXPAY_LEGACY_APPID: 'wx8888888888888888',
    WXPAY_LEGACY_API_V2_KEY: keys.apiV2Key,
    WXPAY_LEGACY_HOSTS: url,
  };
}

/** Sets variables of this process, as a shell would before the start; returns what takes them back. */
export function setEnvironment(variables: Readonly<Record<string, string>>): () => void {
  Object.assign(process.env, variables);
  return () => {
    for (const name of Object.keys(variables)) delete process.env[name];
  };
}
