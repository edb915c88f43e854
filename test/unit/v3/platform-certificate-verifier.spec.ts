import { describe, expect, it } from '@jest/globals';
import { RsaSigner } from '../../../lib/crypto/rsa-signer.js';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import {
  PlatformCertificateVerifier,
  type PlatformCertificateVerifierOptions,
} from '../../../lib/v3/platform-certificate-verifier.js';
import { generateRsaKeys } from '../../support/rsa-keys.js';

const signer = new RsaSigner({ privateKey: generateRsaKeys().privatePem, serialNo: '4A' });
const GOOD: PlatformCertificateVerifierOptions = { mchid: '1900000001', signer, apiV3Key: 'k'.repeat(32) };
const MCHID_FAULT = 'mchid must be the merchant number, a string of digits such as "1900000001".';
const HOSTS_FAULT =
  'hosts must be a list of origins without a path, https or plain http to a loopback address.';
const TIMEOUT_FAULT = 'timeoutMs must be a whole number of milliseconds, at least 1.';

describe('PlatformCertificateVerifier', () => {
  it('is made without asking WeChat Pay', () => {
    expect(() => new PlatformCertificateVerifier(GOOD)).not.toThrow();
  });

  it.each<[object, string]>([
    [{ mchid: 'wx1900' }, MCHID_FAULT],
    [{ mchid: undefined }, MCHID_FAULT],
    [{ signer: {} }, 'signer must be a WxPaySigner: pass the signer of the merchant.'],
    [
      { apiV3Key: 'k'.repeat(16) },
      'apiV3Key must be exactly 32 bytes, not 16. Copy the APIv3 key that was set in the merchant console.',
    ],
    [{ hosts: [] }, HOSTS_FAULT],
    [{ hosts: 'https://api.mch.weixin.qq.com' }, HOSTS_FAULT],
    [{ hosts: ['http://api.mch.weixin.qq.com'] }, HOSTS_FAULT],
    [{ hosts: ['https://api.mch.weixin.qq.com/v3'] }, HOSTS_FAULT],
    [{ hosts: ['https://user@api.mch.weixin.qq.com'] }, HOSTS_FAULT],
    [{ hosts: ['http://127.0.0.1.example.com'] }, HOSTS_FAULT],
    [{ hosts: ['api.mch.weixin.qq.com'] }, HOSTS_FAULT],
    [{ httpService: {} }, 'httpService must be an HttpService of @nestjs/axios.'],
    [{ timeoutMs: 0 }, TIMEOUT_FAULT],
    [{ timeoutMs: 1.5 }, TIMEOUT_FAULT],
    [{ timeoutMs: '10' }, TIMEOUT_FAULT],
    [{ timeoutMs: 2 ** 31 }, TIMEOUT_FAULT],
    [{ trust: {} }, 'trust must be a WxPayVerifier.'],
  ])('refuses %p', (wrong, fault) => {
    const construct = () => new PlatformCertificateVerifier({ ...GOOD, ...wrong });

    expect(construct).toThrow(new WxPayConfigError([fault]));
  });

  it('names every fault at once, and no key', () => {
    const construct = () =>
      new PlatformCertificateVerifier({
        apiV3Key: 'secret',
      } as unknown as PlatformCertificateVerifierOptions);

    expect(construct).toThrow(/^3 faults .*\n.*mchid .*\n.*signer .*\n.*apiV3Key /);
    expect(construct).not.toThrow(/secret/);
  });

  it.each([undefined, null])('refuses %p for options', (options) => {
    const construct = () => new PlatformCertificateVerifier(options as never);

    expect(construct).toThrow(WxPayConfigError);
  });
});
