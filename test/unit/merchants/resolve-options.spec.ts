import { describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { Agent } from 'node:https';
import { WxPaySigner } from '../../../lib/crypto/signer.js';
import { WxPayVerifier } from '../../../lib/crypto/verifier.js';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { resolveOptions } from '../../../lib/merchants/resolve-options.js';
import type { WxPayOptions } from '../../../lib/merchants/wxpay-options.js';
import { HmacSha256Signer } from '../../../lib/v2/signing/hmac-sha256-signer.js';
import { certificateFor } from '../../support/fixtures/certificates.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

class Signer extends WxPaySigner {
  readonly algorithm = 'WECHATPAY2-SHA256-RSA2048';
  readonly serialNo = '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB';
  override sign = () => Promise.resolve('');
}
class Verifier extends WxPayVerifier {
  override acceptedSerialNo = () => Promise.resolve(undefined);
  override verify = () => Promise.resolve(false);
}
const VALID: WxPayOptions = { mchid: '1900000001', signer: new Signer(), verifier: new Verifier() };

const resolve = (overrides: object) => resolveOptions('eu', { ...VALID, ...overrides });

function faultsOf(overrides: object): readonly string[] {
  try {
    resolve(overrides);
  } catch (error) {
    if (error instanceof WxPayConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('resolveOptions', () => {
  it('fills in the defaults', () => {
    expect(resolve({})).toMatchObject({
      hosts: ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com'],
      timeoutMs: 10_000,
      minOrderAgeMs: 300_000,
      attemptTimeoutMs: 3_000,
      maxAttempts: 4,
      maxInFlight: 64,
      signingConcurrency: 4,
      hostRecoveryMs: 180_000,
      maxReplyBytes: 1_048_576,
      userAgent: expect.stringMatching(/^nestjs-wxpay\//),
    });
  });

  it('gives an attempt half of a short call', () => {
    expect(resolve({ timeoutMs: 1_000 })).toMatchObject({ attemptTimeoutMs: 500 });
  });

  it.each([
    'https://api.mch.weixin.qq.com',
    'https://api2.mch.weixin.qq.com/',
    'https://egress.internal:8443',
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://127.1.2.3',
    'http://[::1]:3000',
  ])('accepts the host %s', (host) => {
    expect(resolve({ hosts: [host] }).hosts).toEqual([new URL(host).origin]);
  });

  it.each([
    'http://api.mch.weixin.qq.com',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://10.0.0.1',
    'https://api.mch.weixin.qq.com/v3',
    'https://api.mch.weixin.qq.com?x=1',
    'https://api.mch.weixin.qq.com#x',
    'https://user:password@api.mch.weixin.qq.com',
    'ftp://api.mch.weixin.qq.com',
    'api.mch.weixin.qq.com',
    '',
    42,
  ])('refuses the host %j without quoting it', (host) => {
    expect(faultsOf({ hosts: ['https://api.mch.weixin.qq.com', host] })).toEqual([
      'hosts must be origins without a path, https or plain http to a loopback address; number 2 is not.',
    ]);
  });

  it.each([
    ['mchid', ['', 'mch1', 1900000001, undefined, '1'.repeat(33)]],
    [
      'signer',
      [
        undefined,
        {},
        { sign() {}, serialNo: 'A"B', algorithm: 'X' },
        { sign() {}, serialNo: 'AB', algorithm: 'X Y' },
      ],
    ],
    ['verifier', [undefined, { verify() {} }, null]],
    ['apiV3Key', ['short', 'x'.repeat(33), '键'.repeat(32), 32]],
    ['hosts', [[], 'https://api.mch.weixin.qq.com']],
    ['attemptTimeoutMs', [0, -1, 1.5, '1000', Number.NaN, 2_147_483_648]],
    ['maxAttempts', [0, -1, 1.5, '4', 101]],
    ['maxInFlight', [0, -1, 1.5, '64', Number.POSITIVE_INFINITY, 10_001]],
    ['signingConcurrency', [0, -1, 1.5, '4', 1_025]],
    ['hostRecoveryMs', [0, -1, 1.5, '1000', 2_147_483_648]],
    ['timeoutMs', [0, -1, 1.5, '1000', Number.NaN, 2_147_483_648]],
    ['minOrderAgeMs', [-1, 1.5, '300000', Number.NaN, 604_800_001]],
    ['maxReplyBytes', [0, Number.POSITIVE_INFINITY]],
    ['httpService', [{}, null, { axiosRef: {} }]],
    ['httpsAgent', [{}, null, 'http://proxy.internal:3128']],
    ['userAgent', ['', 'shop\r\nX-Evil: 1', '商店']],
    ['api', ['v4', null]],
    ['appid', ['', 'wx d', 42]],
    ['codePayReverse', [true, {}, { appid: '' }]],
  ])('refuses an invalid %s', (option, values) => {
    for (const value of values) {
      const faults = faultsOf({ [option]: value });

      expect(faults).toHaveLength(1);
      expect(faults[0]).toMatch(new RegExp(`^${option} must be .*\\.$`));
    }
  });

  it('reads options that are getters of a class', () => {
    class Options {
      readonly signer = new Signer();
      readonly verifier = new Verifier();
      get mchid(): string {
        return '1900000001';
      }
      get timeoutMs(): number {
        return 5_000;
      }
    }

    expect(resolveOptions('eu', new Options())).toMatchObject({ mchid: '1900000001', timeoutMs: 5_000 });
  });

  it('names the merchant and every fault', () => {
    expect(() => resolveOptions('eu', { mchid: 'x' } as never, ['name is taken.'])).toThrow(
      /^4 faults in the WeChat Pay configuration of merchant "eu":\n {2}- name is taken\.\n {2}- mchid must .*\n {2}- signer must .*\n {2}- verifier must .*$/,
    );
    expect(() => resolve({ mchid: 'x' })).toThrow(
      /^WeChat Pay merchant "eu": mchid must be the merchant number, /,
    );
  });

  describe('over APIv2', () => {
    const V2 = {
      api: 'v2',
      mchid: '1900000001',
      appid: 'wxd678efh567hg6787',
      signer: new HmacSha256Signer({ key: 'k'.repeat(32) }),
    };
    const faultsOfV2 = (overrides: object) => faultsOf({ verifier: undefined, ...V2, ...overrides });

    it('requires neither a verifier nor a certificate', () => {
      expect(resolveOptions('eu', V2 as WxPayOptions)).toMatchObject({ api: 'v2', timeoutMs: 10_000 });
    });

    it.each([
      ['mchid', [undefined, 'x']],
      ['appid', [undefined, '', 'wx d']],
      ['signer', [undefined, new Signer(), { sign() {}, signType: 'SHA1' }]],
      [
        'clientCertificate',
        [null, {}, { cert: 'x' }, { cert: 'x', key: 'y', pfx: Buffer.alloc(1), passphrase: '' }],
      ],
    ])('refuses an invalid %s', (option, values) => {
      for (const value of values) {
        const faults = faultsOfV2({ [option]: value });

        expect(faults).toHaveLength(1);
        expect(faults[0]).toMatch(new RegExp(`^${option} must be .*\\.$`));
      }
    });

    it('refuses a client certificate that cannot be used, without quoting it', () => {
      const [pem = ''] = faultsOfV2({ clientCertificate: { cert: 'SECRET-CERT', key: 'SECRET-KEY' } });
      const [pfx = ''] = faultsOfV2({
        clientCertificate: { pfx: Buffer.from('SECRET-PFX'), passphrase: 'SECRET' },
      });

      expect(pem).toMatch(/^clientCertificate cannot be used: cert is not PEM: .* And key is not PEM: .*/);
      expect(pfx).toContain('clientCertificate cannot be opened: the passphrase is wrong');
      expect(pem + pfx).not.toContain('SECRET');
    });

    it.each<[string, (pem: string) => string]>([
      ['escaped', (pem) => pem.replaceAll('\n', '\\n')],
      ['in one line', (pem) => pem.replaceAll('\n', ' ')],
      ['in quotes', (pem) => JSON.stringify(pem)],
      ['in base64', (pem) => Buffer.from(pem).toString('base64')],
    ])('accepts a client certificate %s, and restores the line ends for TLS', async (_form, write) => {
      const keys = rsaKeys();
      const cert = await certificateFor(keys);
      const clientCertificate = { cert: write(cert), key: write(keys.privatePem), ca: write(cert) };

      const resolved = resolveOptions('eu', { ...V2, clientCertificate } as WxPayOptions);

      const lines = `${cert.trim()}\n`;
      expect(resolved).toMatchObject({ clientCertificate: { cert: lines, key: keys.privatePem, ca: lines } });
    });

    it('refuses a key of another certificate', async () => {
      const clientCertificate = {
        cert: await certificateFor(rsaKeys()),
        key: rsaKeys().privatePem,
      };

      expect(faultsOfV2({ clientCertificate })).toEqual([
        'clientCertificate cannot be used: key does not belong to cert. Use apiclient_cert.pem and apiclient_key.pem of one download.',
      ]);
    });

    it('refuses an httpsAgent that does not verify the hosts', () => {
      expect(faultsOfV2({ httpsAgent: new Agent({ rejectUnauthorized: false }) })).toEqual([
        'httpsAgent must verify the hosts: take rejectUnauthorized: false out of its options, and pass the certificate of a test server as ca.',
      ]);
    });

    it('refuses an httpsAgent beside an httpService, whose agents are used', () => {
      expect(faultsOfV2({ httpsAgent: new Agent() })).toEqual([]);
      expect(faultsOfV2({ httpsAgent: new Agent(), httpService: new HttpService() })).toEqual([
        'httpsAgent must go into your httpService, whose agents are used.',
      ]);
    });

    it('refuses a client certificate beside an httpService, whose agents are used', async () => {
      const httpService = new HttpService();
      const keys = rsaKeys();
      const clientCertificate = { cert: await certificateFor(keys), key: keys.privatePem };

      expect(faultsOfV2({ clientCertificate })).toEqual([]);
      expect(faultsOfV2({ clientCertificate, httpService })).toEqual([
        'clientCertificate must go into the httpsAgent of your httpService: its agents are used, not ours.',
      ]);
    });
  });
});
