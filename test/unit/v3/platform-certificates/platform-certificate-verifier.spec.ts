import { describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { Agent } from 'node:https';
import { CombinedVerifier } from '../../../../lib/crypto/combined-verifier.js';
import { PublicKeyVerifier } from '../../../../lib/crypto/public-key-verifier.js';
import { RsaSigner } from '../../../../lib/crypto/rsa-signer.js';
import { WxPayConfigError } from '../../../../lib/errors/wxpay-config-error.js';
import {
  PlatformCertificateVerifier,
  type PlatformCertificateVerifierOptions,
} from '../../../../lib/v3/platform-certificates/platform-certificate-verifier.js';
import { rsaKeys } from '../../../support/fixtures/rsa-keys.js';

const keys = rsaKeys();
const signer = new RsaSigner({ privateKey: keys.privatePem, serialNo: '4A' });
const GOOD: PlatformCertificateVerifierOptions = { mchid: '1900000001', signer, apiV3Key: 'k'.repeat(32) };
const OWN_SERIAL_NO = '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB';
const verifierOf = (publicKeyId: string) => new PublicKeyVerifier({ publicKey: keys.publicPem, publicKeyId });
const MCHID_FAULT = 'mchid must be the merchant number, a string of digits such as "1900000001".';
const LIST_FAULT = 'hosts must be a list of origins, such as ["https://api.mch.weixin.qq.com"].';
const originFault = (number: number) =>
  `hosts must be origins without a path, https or plain http to a loopback address; number ${number} is not.`;
const SIGNER_FAULT = 'signer must be a WxPaySigner: pass the signer of the merchant.';
const TIMEOUT_FAULT = 'timeoutMs must be a whole number of milliseconds, at least 1.';

describe('PlatformCertificateVerifier', () => {
  it('sends no request when it is constructed', () => {
    expect(() => new PlatformCertificateVerifier(GOOD)).not.toThrow();
  });

  it.each<[object, string]>([
    [{ mchid: 'wx1900' }, MCHID_FAULT],
    [{ mchid: '1900000001x' }, MCHID_FAULT],
    [{ mchid: 1_900_000_001 }, MCHID_FAULT],
    [{ mchid: undefined }, MCHID_FAULT],
    [{ signer: {} }, SIGNER_FAULT],
    [{ signer: null }, SIGNER_FAULT],
    [{ signer: 'sign' }, SIGNER_FAULT],
    [
      { apiV3Key: 'k'.repeat(16) },
      'apiV3Key must be exactly 32 bytes, not 16. Copy the APIv3 key that was set in the merchant console.',
    ],
    [{ hosts: [] }, LIST_FAULT],
    [{ hosts: 'https://api.mch.weixin.qq.com' }, LIST_FAULT],
    [{ hosts: ['http://api.mch.weixin.qq.com'] }, originFault(1)],
    [{ hosts: ['https://api.mch.weixin.qq.com/v3'] }, originFault(1)],
    [{ hosts: ['https://user@api.mch.weixin.qq.com'] }, originFault(1)],
    [{ hosts: ['http://127.0.0.1.example.com'] }, originFault(1)],
    [{ hosts: ['http://a.localhost'] }, originFault(1)],
    [{ hosts: ['http://localhost.example.com'] }, originFault(1)],
    [{ hosts: ['http://128.0.0.1'] }, originFault(1)],
    [{ hosts: ['ftp://localhost'] }, originFault(1)],
    [{ hosts: ['https://api.mch.weixin.qq.com', 'http://api.mch.weixin.qq.com'] }, originFault(2)],
    [{ hosts: [new URL('https://api.mch.weixin.qq.com')] }, originFault(1)],
    [{ hosts: ['api.mch.weixin.qq.com'] }, originFault(1)],
    [{ httpService: {} }, 'httpService must be an HttpService of @nestjs/axios.'],
    [
      { httpsAgent: {} },
      'httpsAgent must be an agent of node:https, or one that extends it, such as an HttpsProxyAgent.',
    ],
    [
      { httpsAgent: new Agent(), httpService: new HttpService() },
      'httpsAgent must go into your httpService, whose agents are used.',
    ],
    [{ timeoutMs: 0 }, TIMEOUT_FAULT],
    [{ timeoutMs: 1.5 }, TIMEOUT_FAULT],
    [{ timeoutMs: '10' }, TIMEOUT_FAULT],
    [{ timeoutMs: 2 ** 31 }, TIMEOUT_FAULT],
    [{ trust: {} }, 'trust must be a WxPayVerifier.'],
  ])('refuses %p', (wrong, fault) => {
    const construct = () => new PlatformCertificateVerifier({ ...GOOD, ...wrong });

    expect(construct).toThrow(new WxPayConfigError([fault]));
  });

  it.each<object>([
    { mchid: '1' },
    { hosts: ['https://api.mch.weixin.qq.com', 'https://proxy.example:8443'] },
    { hosts: ['http://localhost', 'http://127.0.0.1:80', 'http://127.255.255.254:8080', 'http://[::1]:80'] },
    { timeoutMs: 1 },
    { timeoutMs: 2 ** 31 - 1 },
    { httpService: new HttpService() },
    { httpsAgent: new Agent() },
    { trust: verifierOf('PUB_KEY_ID_1') },
    { trust: verifierOf(OWN_SERIAL_NO) },
  ])('accepts %p', (option) => {
    expect(() => new PlatformCertificateVerifier({ ...GOOD, ...option })).not.toThrow();
  });

  it.each([
    ['trust', verifierOf(OWN_SERIAL_NO)],
    [
      'a verifier within trust',
      new CombinedVerifier([verifierOf('PUB_KEY_ID_1'), verifierOf(OWN_SERIAL_NO)]),
    ],
  ])("refuses the serial number of the merchant's own certificate in %s", (_, trust) => {
    const ownSigner = new RsaSigner({ privateKey: keys.privatePem, serialNo: OWN_SERIAL_NO });
    const construct = () => new PlatformCertificateVerifier({ ...GOOD, signer: ownSigner, trust });

    expect(construct).toThrow(
      new WxPayConfigError([
        "trust has the serialNo of signer as its publicKeyId, the serial number of the merchant's own certificate: pass the identifier shown beside the WeChat Pay public key in the merchant console, PUB_KEY_ID_….",
      ]),
    );
  });

  it('names every fault in one error, and no key', () => {
    const construct = () =>
      new PlatformCertificateVerifier({
        apiV3Key: 'secret',
      } as unknown as PlatformCertificateVerifierOptions);

    expect(construct).toThrow(/^3 faults .*\n.*mchid .*\n.*signer .*\n.*apiV3Key /);
    expect(construct).not.toThrow(/secret/);
  });

  it.each([undefined, null])('refuses %p as options', (options) => {
    const construct = () => new PlatformCertificateVerifier(options as never);

    expect(construct).toThrow(WxPayConfigError);
  });
});
