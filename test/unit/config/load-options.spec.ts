import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { loadOptions } from '../../../lib/config/load-options.js';
import { variablesOf } from '../../../lib/config/variable.decorator.js';
import { WxPayEnvironment } from '../../../lib/config/wxpay-environment.js';
import { WxPayConfigError } from '../../../lib/index.js';
import { certificateFor } from '../../support/certificates.js';
import { generateRsaKeys } from '../../support/rsa-keys.js';

const SERIAL_NO = '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB';
const merchant = generateRsaKeys();
const weChatPay = generateRsaKeys();
const complete = {
  WXPAY_MCHID: '1900007291',
  WXPAY_SERIAL_NO: SERIAL_NO,
  WXPAY_PRIVATE_KEY: merchant.privatePem,
  WXPAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0119000072912024',
  WXPAY_PUBLIC_KEY: weChatPay.publicPem,
};

/** Loads the complete environment with some variables changed; undefined takes one away. */
function load(changes: NodeJS.ProcessEnv = {}) {
  return loadOptions({ ...complete, ...changes }, { prefix: 'WXPAY_' });
}

function errorOf(changes: NodeJS.ProcessEnv): WxPayConfigError {
  try {
    load(changes);
  } catch (error) {
    if (error instanceof WxPayConfigError) return error;
    throw error;
  }
  throw new Error('The environment was accepted.');
}

function faultsOf(changes: NodeJS.ProcessEnv): readonly string[] {
  return errorOf(changes).faults;
}

describe('loadOptions', () => {
  it('makes the options of a merchant from the required variables alone', async () => {
    const options = load();

    expect(options).toMatchObject({ mchid: '1900007291', signer: { serialNo: SERIAL_NO } });
    await expect(options.verifier.acceptedSerialNo()).resolves.toBe('PUB_KEY_ID_0119000072912024');
  });

  it('leaves what is not set to the defaults of the module', () => {
    const { hosts, timeoutMs, maxReplyBytes, userAgent, apiV3Key } = load();

    expect({ hosts, timeoutMs, maxReplyBytes, userAgent, apiV3Key }).toEqual({});
  });

  it('reads the optional variables', () => {
    const options = load({
      WXPAY_API_V3_KEY: 'k'.repeat(32),
      WXPAY_HOSTS: 'https://api.mch.weixin.qq.com, https://api2.mch.weixin.qq.com',
      WXPAY_TIMEOUT_MS: '5000',
      WXPAY_MAX_REPLY_BYTES: '65536',
      WXPAY_USER_AGENT: 'shop/4.2',
    });

    expect(options).toMatchObject({
      apiV3Key: 'k'.repeat(32),
      hosts: ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com'],
      timeoutMs: 5000,
      maxReplyBytes: 65536,
      userAgent: 'shop/4.2',
    });
  });

  it('signs with the private key and verifies with the public key it was given', async () => {
    const { signer } = load();
    const { verifier } = load({
      WXPAY_PRIVATE_KEY: weChatPay.privatePem,
      WXPAY_PUBLIC_KEY: merchant.publicPem,
      WXPAY_PUBLIC_KEY_ID: SERIAL_NO,
    });

    const signature = await signer.sign({ message: 'message' });

    await expect(verifier.verify({ message: 'message', signature, serialNo: SERIAL_NO })).resolves.toBe(true);
  });

  it('takes values without the whitespace and quotes around them', () => {
    const options = load({ WXPAY_MCHID: ' "1900007291"\n', WXPAY_TIMEOUT_MS: "'5000'" });

    expect(options).toMatchObject({ mchid: '1900007291', timeoutMs: 5000 });
  });

  it('takes an empty variable for one that is not set', () => {
    const options = load({ WXPAY_API_V3_KEY: '', WXPAY_HOSTS: ' ', WXPAY_PRIVATE_KEY_FILE: '""' });

    expect(options.hosts).toBeUndefined();
    expect(options.apiV3Key).toBeUndefined();
  });

  it('names the merchant and every variable that is missing', () => {
    expect(() => loadOptions({ HOME: '/root' }, { prefix: 'PAY_', merchant: 'eu' })).toThrow(
      expect.objectContaining({
        code: 'WXPAY_CONFIG',
        merchant: 'eu',
        faults: [
          'PAY_MCHID is not set. Set it in the environment, or in .env and import ConfigModule.forRoot().',
          'PAY_SERIAL_NO is not set. Set it in the environment, or in .env and import ConfigModule.forRoot().',
          'PAY_PUBLIC_KEY_ID is not set. Set it in the environment, or in .env and import ConfigModule.forRoot().',
          'PAY_PRIVATE_KEY is not set. Set it to the content of apiclient_key.pem, or PAY_PRIVATE_KEY_FILE to its path.',
          'PAY_PUBLIC_KEY is not set. Set it to the content of pub_key.pem, or PAY_PUBLIC_KEY_FILE to its path.',
        ],
      }),
    );
  });

  it('reports the faults of validation, keys and files together', () => {
    const faults = faultsOf({
      WXPAY_MCHID: undefined,
      WXPAY_TIMEOUT_MS: 'soon',
      WXPAY_PRIVATE_KEY: 'no key',
      WXPAY_PUBLIC_KEY: undefined,
      WXPAY_PUBLIC_KEY_FILE: '/nowhere/pub_key.pem',
    });

    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'WXPAY_MCHID',
      'WXPAY_TIMEOUT_MS',
      'WXPAY_PUBLIC_KEY_FILE',
      'WXPAY_PRIVATE_KEY',
    ]);
  });

  it.each([
    ['WXPAY_MCHID', 'wx1900', 'must be the merchant number: digits only.'],
    [
      'WXPAY_SERIAL_NO',
      SERIAL_NO.slice(1),
      'must be the serial number of the merchant API certificate: 40 hexadecimal characters without colons. See "openssl x509 -in apiclient_cert.pem -noout -serial".',
    ],
    [
      'WXPAY_PUBLIC_KEY_ID',
      'two words',
      'must be the identifier shown beside the WeChat Pay public key in the merchant console, such as PUB_KEY_ID_….',
    ],
    [
      'WXPAY_API_V3_KEY',
      'k'.repeat(31),
      'must be exactly 32 bytes, not 31. Copy the APIv3 key that was set in the merchant console.',
    ],
    [
      'WXPAY_API_V3_KEY',
      '密'.repeat(32),
      'must be exactly 32 bytes, not 96. Copy the APIv3 key that was set in the merchant console.',
    ],
    ['WXPAY_TIMEOUT_MS', '0', 'must be a whole number of milliseconds from 1 to 2147483647.'],
    ['WXPAY_TIMEOUT_MS', '1.5', 'must be a whole number of milliseconds from 1 to 2147483647.'],
    ['WXPAY_TIMEOUT_MS', '10s', 'must be a whole number of milliseconds from 1 to 2147483647.'],
    ['WXPAY_TIMEOUT_MS', '2147483648', 'must be a whole number of milliseconds from 1 to 2147483647.'],
    ['WXPAY_MAX_REPLY_BYTES', '1MB', 'must be a whole number of bytes from 1 to 9007199254740991.'],
    ['WXPAY_USER_AGENT', '商店/4.2', 'must be printable ASCII, such as shop/4.2.'],
  ])('refuses %s=%s', (name, value, problem) => {
    const faults = faultsOf({ [name]: value });

    expect(faults).toEqual([`${name} ${problem}`]);
  });

  it.each([
    'http://api.mch.weixin.qq.com',
    'https://api.mch.weixin.qq.com/v3',
    'https://user@api.mch.weixin.qq.com',
    'https://api.mch.weixin.qq.com?x=1',
    'api.mch.weixin.qq.com',
    'https://api.mch.weixin.qq.com,,https://api2.mch.weixin.qq.com',
    'http://127.0.0.1.example.com',
    'ftp://localhost',
    ',',
  ])('refuses the hosts %s', (hosts) => {
    const faults = faultsOf({ WXPAY_HOSTS: hosts });

    expect(faults).toEqual([
      'WXPAY_HOSTS must be origins such as https://api.mch.weixin.qq.com, separated by commas, without path or user; http is for loopback addresses only.',
    ]);
  });

  it.each([
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
    'https://proxy.example:8443/',
  ])('accepts the host %s', (host) => {
    expect(load({ WXPAY_HOSTS: host }).hosts).toEqual([host]);
  });

  it.each([
    ['WXPAY_MCHID', 'WXPAY_MCH_ID', 'WXPAY_MCHID'],
    ['WXPAY_MCHID', 'WX_PAY_MCHID', 'WXPAY_MCHID'],
    ['WXPAY_SERIAL_NO', 'wxpay_serial_number', 'WXPAY_SERIAL_NO'],
    ['WXPAY_PRIVATE_KEY', 'WXPAY_PRIVATEKEY', 'WXPAY_PRIVATE_KEY'],
    ['WXPAY_PRIVATE_KEY', 'WXPAY_PRIVATE_KEY_PATH', 'WXPAY_PRIVATE_KEY_FILE'],
  ])('asks whether %s was meant by %s', (missing, given, right) => {
    const faults = faultsOf({ [missing]: undefined, [given]: 'something' });

    expect(faults).toEqual([`${missing} is not set. Did you mean ${given}? Rename it to ${right}.`]);
  });

  it('does not mind other variables while nothing is missing', () => {
    expect(() => load({ WXPAY_MCH_ID: '1', WXPAY_PRIVATE_KEY_PATH: '/x' })).not.toThrow();
  });

  describe('keys', () => {
    let folder: string;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'wxpay-config-'));
      writeFileSync(join(folder, 'apiclient_key.pem'), merchant.privatePem);
      writeFileSync(join(folder, 'pub_key.pem'), weChatPay.publicPem);
    });

    afterAll(() => rmSync(folder, { recursive: true }));

    it('are read from files', () => {
      const options = load({
        WXPAY_PRIVATE_KEY: undefined,
        WXPAY_PRIVATE_KEY_FILE: join(folder, 'apiclient_key.pem'),
        WXPAY_PUBLIC_KEY: undefined,
        WXPAY_PUBLIC_KEY_FILE: join(folder, 'pub_key.pem'),
      });

      expect(options.signer.serialNo).toBe(SERIAL_NO);
    });

    it('are refused in two places at once', () => {
      const faults = faultsOf({ WXPAY_PRIVATE_KEY_FILE: join(folder, 'apiclient_key.pem') });

      expect(faults).toEqual([
        'WXPAY_PRIVATE_KEY and WXPAY_PRIVATE_KEY_FILE are both set. Keep one of them.',
      ]);
    });

    it.each([
      ['absent.pem', 'no such file'],
      ['.', 'it is a directory'],
      ['pub_key.pem/absent.pem', 'ENOTDIR'],
    ])('name the path when the file %s cannot be read', (name, reason) => {
      const path = join(folder, name);

      const faults = faultsOf({ WXPAY_PUBLIC_KEY: undefined, WXPAY_PUBLIC_KEY_FILE: path });

      expect(faults).toEqual([
        `WXPAY_PUBLIC_KEY_FILE names ${path}, which cannot be read: ${reason}. Correct the path or mount the file.`,
      ]);
    });

    it('name the absolute path when a relative one leads nowhere', () => {
      const faults = faultsOf({ WXPAY_PUBLIC_KEY: undefined, WXPAY_PUBLIC_KEY_FILE: 'absent/pub_key.pem' });

      expect(faults[0]).toContain(`names ${join(process.cwd(), 'absent/pub_key.pem')}, which`);
    });

    it.each([
      ['as it is', merchant.privatePem],
      ['with escaped line ends', merchant.privatePem.replaceAll('\n', '\\n')],
      ['in base64', Buffer.from(merchant.privatePem).toString('base64')],
      ['as the last lines of it', merchant.privatePem.split('\n').slice(-20).join('')],
    ])('are not quoted when one stands where its path belongs, %s', (_form, key) => {
      const error = errorOf({ WXPAY_PRIVATE_KEY: undefined, WXPAY_PRIVATE_KEY_FILE: key });

      expect(error.faults).toEqual([
        'WXPAY_PRIVATE_KEY_FILE is not a path. If it is the key itself, set WXPAY_PRIVATE_KEY to it instead.',
      ]);
    });

    it('are missed when a path stands in their place', () => {
      const faults = faultsOf({ WXPAY_PRIVATE_KEY: './certs/apiclient_key.pem' });

      expect(faults).toEqual(['WXPAY_PRIVATE_KEY holds a path. Set WXPAY_PRIVATE_KEY_FILE to it instead.']);
    });

    it('are named by the variable that holds the faulty one', () => {
      const faults = faultsOf({
        WXPAY_PRIVATE_KEY: undefined,
        WXPAY_PRIVATE_KEY_FILE: join(folder, 'pub_key.pem'),
        WXPAY_PUBLIC_KEY: merchant.privatePem,
      });

      expect(faults).toEqual([
        'WXPAY_PRIVATE_KEY_FILE starts with a public key header. Use apiclient_key.pem (BEGIN PRIVATE KEY, or BEGIN RSA PRIVATE KEY).',
        'WXPAY_PUBLIC_KEY starts with a private key header. Use pub_key.pem, the WeChat Pay public key (BEGIN PUBLIC KEY), or a platform certificate (BEGIN CERTIFICATE).',
      ]);
    });

    it.each([
      ['public key', () => merchant.publicPem],
      [
        'public key in DER',
        () => merchant.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      ],
      ['certificate', () => certificateFor(merchant)],
    ])("are refused when the merchant's own %s stands for the one of WeChat Pay", async (_kind, make) => {
      const own = await make();

      const faults = faultsOf({ WXPAY_PUBLIC_KEY: own });

      expect(faults).toEqual([
        "WXPAY_PUBLIC_KEY belongs to the merchant's own private key in WXPAY_PRIVATE_KEY. Use pub_key.pem, the WeChat Pay public key (微信支付公钥) from the merchant console, not apiclient_cert.pem.",
      ]);
    });
  });

  it('never shows a secret, whatever stands in its place', () => {
    const secrets = variablesOf(WxPayEnvironment.prototype).filter(({ secret }) => secret);
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', minLength: 8 }),
      fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 200 }),
      fc.base64String({ minLength: 8, maxLength: 400 }),
      fc
        .uint8Array({ minLength: 8 })
        .map((bytes) => `-----BEGIN PRIVATE KEY-----\n${Buffer.from(bytes).toString('base64')}`),
      fc.nat({ max: merchant.privatePem.length - 100 }).map((cut) => merchant.privatePem.slice(cut + 60)),
      fc.nat({ max: 1000 }).map((cut) => Buffer.from(merchant.privatePem).toString('base64').slice(cut)),
    );

    expect(secrets.map(({ name }) => name)).toEqual(['PRIVATE_KEY', 'API_V3_KEY']);
    fc.assert(
      fc.property(fc.constantFrom(...secrets), garbage, ({ name }, value) => {
        // A NUL cannot be part of an environment; less than 8 characters may be part of any sentence.
        fc.pre(!value.includes('\0') && value.trim().length >= 8);

        // Without a merchant number there is an error even where the secret is good.
        const error = errorOf({ [`WXPAY_${name}`]: value, WXPAY_MCHID: undefined });

        for (const text of [
          ...error.faults,
          error.message,
          JSON.stringify(error),
          inspect(error),
          String(error.stack),
        ])
          expect(text.includes(value.trim())).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
