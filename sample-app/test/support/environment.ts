import type { MockWxPayGateway } from 'nestjs-wxpay/testing';

/** The variables of a merchant of this gateway, all but the private key. */
export function keylessEnvironment({ url, keys }: MockWxPayGateway): Record<string, string> {
  return {
    WXPAY_MCHID: '1900000001',
    WXPAY_SERIAL_NO: keys.merchantSerialNo,
    WXPAY_PUBLIC_KEY_ID: keys.publicKeyId,
    WXPAY_PUBLIC_KEY: keys.platformPublicKey,
    WXPAY_HOSTS: url,
  };
}

/** Sets variables of this process, as a shell would before the start; returns what takes them back. */
export function setEnvironment(variables: Readonly<Record<string, string>>): () => void {
  Object.assign(process.env, variables);
  return () => {
    for (const name of Object.keys(variables)) delete process.env[name];
  };
}
