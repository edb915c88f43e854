import { Agent } from 'node:https';
import { Wechatpay } from 'wechatpay-axios-plugin';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';

/**
 * A client of WeChat Pay that shares no code with the library: it signs, and verifies what it gets.
 *
 * @param certs the platform keys it trusts, by identifier; default: the public key
 */
export function unrelatedClient(
  { keys, url, certificate }: MockWxPayGateway,
  certs: Readonly<Record<string, string>> = { [keys.publicKeyId]: keys.platformPublicKey },
): Wechatpay {
  return new Wechatpay({
    mchid: '1900000001',
    serial: keys.merchantSerialNo,
    privateKey: keys.merchantPrivateKey,
    certs: { ...certs },
    baseURL: url,
    httpsAgent: new Agent({ ca: certificate }),
  });
}
