import { describe, expect, it } from '@jest/globals';
import { loadOptions } from '../../../lib/config/load-options.js';
import {
  COMPLETE_ENVIRONMENT,
  loadWith,
  merchantKeys,
  refusalOf,
  weChatPayKeys,
} from '../../support/fixtures/complete-environment.js';

describe('loadOptions', () => {
  it('makes the options of a merchant from the required variables alone', async () => {
    const options = loadWith();

    expect(options).toMatchObject({
      mchid: '1900007291',
      signer: { serialNo: COMPLETE_ENVIRONMENT.WXPAY_SERIAL_NO },
    });
    await expect(options.verifier.acceptedSerialNo()).resolves.toBe('PUB_KEY_ID_0119000072912024');
  });

  it('leaves unset variables to the defaults of the module', () => {
    const { hosts, timeoutMs, maxInFlight, minOrderAgeMs, maxReplyBytes, userAgent, apiV3Key } = loadWith();

    expect({ hosts, timeoutMs, maxInFlight, minOrderAgeMs, maxReplyBytes, userAgent, apiV3Key }).toEqual({});
  });

  it('reads the optional variables', () => {
    const options = loadWith({
      WXPAY_API_V3_KEY: 'k'.repeat(32),
      WXPAY_APPID: 'wxd678efh567hg6787',
      WXPAY_NOTIFY_URL: 'https://shop.example/wxpay/payments',
      WXPAY_REFUND_NOTIFY_URL: 'https://shop.example/wxpay/refunds',
      WXPAY_HOSTS: 'https://api.mch.weixin.qq.com, https://api2.mch.weixin.qq.com',
      WXPAY_TIMEOUT_MS: '5000',
      WXPAY_ATTEMPT_TIMEOUT_MS: '2000',
      WXPAY_MAX_ATTEMPTS: '2',
      WXPAY_MAX_IN_FLIGHT: '32',
      WXPAY_SIGNING_CONCURRENCY: '2',
      WXPAY_MIN_ORDER_AGE_MS: '0',
      WXPAY_MAX_REPLY_BYTES: '65536',
      WXPAY_USER_AGENT: 'shop/4.2',
    });

    expect(options).toMatchObject({
      apiV3Key: 'k'.repeat(32),
      appid: 'wxd678efh567hg6787',
      notifyUrl: 'https://shop.example/wxpay/payments',
      refundNotifyUrl: 'https://shop.example/wxpay/refunds',
      hosts: ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com'],
      timeoutMs: 5000,
      attemptTimeoutMs: 2000,
      maxAttempts: 2,
      maxInFlight: 32,
      signingConcurrency: 2,
      minOrderAgeMs: 0,
      maxReplyBytes: 65536,
      userAgent: 'shop/4.2',
    });
  });

  it('signs with the private key and verifies with the public key it was given', async () => {
    const { signer } = loadWith();
    const { verifier } = loadWith({
      WXPAY_PRIVATE_KEY: weChatPayKeys.privatePem,
      WXPAY_PUBLIC_KEY: merchantKeys.publicPem,
      WXPAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_OF_MERCHANT',
    });

    const signature = await signer.sign({ message: 'message' });

    await expect(
      verifier.verify({ message: 'message', signature, serialNo: 'PUB_KEY_ID_OF_MERCHANT' }),
    ).resolves.toBe(true);
  });

  it.each(['WXPAY_NOTIFY_URL', 'WXPAY_REFUND_NOTIFY_URL'])(
    'accepts a %s on this machine only with hosts on this machine',
    (name) => {
      const url = 'http://localhost:3000/wxpay';

      expect(() => loadWith({ [name]: url, WXPAY_HOSTS: 'http://127.0.0.1:3001' })).not.toThrow();
      expect(refusalOf({ [name]: url }).faults).toEqual([
        expect.stringMatching(
          new RegExp(`^${name} must be an https address without user, query and fragment`),
        ),
      ]);
    },
  );

  it('strips whitespace and quotes around values', () => {
    const options = loadWith({ WXPAY_MCHID: ' " 1900007291 "\n', WXPAY_TIMEOUT_MS: "'5000'" });

    expect(options).toMatchObject({ mchid: '1900007291', timeoutMs: 5000 });
  });

  it('treats an empty variable as not set', () => {
    const options = loadWith({ WXPAY_API_V3_KEY: '', WXPAY_HOSTS: ' ', WXPAY_PRIVATE_KEY_FILE: '""' });

    expect(options.hosts).toBeUndefined();
    expect(options.apiV3Key).toBeUndefined();
  });

  it('names the merchant and every missing variable', () => {
    expect(() => loadOptions({ HOME: '/root' }, { prefix: 'PAY_', merchant: 'eu' })).toThrow(
      expect.objectContaining({
        code: 'WXPAY_CONFIG',
        merchant: 'eu',
        faults: [
          'PAY_MCHID is not set. Set it in the environment, or in .env and import ConfigModule.forRoot(), whose validate or validationSchema has to keep the name.',
          'PAY_SERIAL_NO is not set. Set it in the environment, or in .env and import ConfigModule.forRoot(), whose validate or validationSchema has to keep the name.',
          'PAY_PRIVATE_KEY is not set. Set it to the content of apiclient_key.pem, or PAY_PRIVATE_KEY_FILE to its path. If .env has it, the validate or validationSchema of ConfigModule.forRoot() has to keep the name.',
          'PAY_PUBLIC_KEY_ID is not set. Set it to the identifier of the WeChat Pay public key in the merchant console, PUB_KEY_ID_…. A merchant with platform certificates (平台证书) sets PAY_API_V3_KEY in place of the public key. If .env has it, the validate or validationSchema of ConfigModule.forRoot() has to keep the name.',
          'PAY_PUBLIC_KEY is not set. Set it to the content of pub_key.pem, or PAY_PUBLIC_KEY_FILE to its path. If .env has it, the validate or validationSchema of ConfigModule.forRoot() has to keep the name.',
        ],
      }),
    );
  });

  it('reports the faults of validation, keys and files together', () => {
    const { faults } = refusalOf({
      WXPAY_MCHID: undefined,
      WXPAY_TIMEOUT_MS: 'soon',
      WXPAY_PRIVATE_KEY: 'no key',
      WXPAY_PUBLIC_KEY: undefined,
      WXPAY_PUBLIC_KEY_FILE: '/nowhere/pub_key.pem',
    });

    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'WXPAY_MCHID',
      'WXPAY_TIMEOUT_MS',
      'WXPAY_PRIVATE_KEY',
      'WXPAY_PUBLIC_KEY_FILE',
    ]);
  });

  it.each([
    ['WXPAY_MCHID', 'wx1900', 'must be the merchant number: digits only.'],
    [
      'WXPAY_SERIAL_NO',
      COMPLETE_ENVIRONMENT.WXPAY_SERIAL_NO.slice(1),
      'must be the serial number of the merchant API certificate: 40 hexadecimal characters. See "openssl x509 -in apiclient_cert.pem -noout -serial".',
    ],
    [
      'WXPAY_PUBLIC_KEY_ID',
      'two words',
      'must be the identifier of the WeChat Pay public key. Copy the identifier shown beside the WeChat Pay public key (微信支付公钥) in the merchant console: it begins with PUB_KEY_ID_.',
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
    ['WXPAY_MAX_IN_FLIGHT', '0', 'must be a whole number of attempts from 1 to 10000.'],
    ['WXPAY_SIGNING_CONCURRENCY', '0', 'must be a whole number of signatures from 1 to 1024.'],
    ['WXPAY_MIN_ORDER_AGE_MS', '-1', 'must be a whole number of milliseconds from 0 to 604800000.'],
    ['WXPAY_MAX_REPLY_BYTES', '1MB', 'must be a whole number of bytes from 1 to 9007199254740991.'],
    ['WXPAY_USER_AGENT', '商店/4.2', 'must be printable ASCII, such as shop/4.2.'],
  ])('refuses %s=%s', (name, value, problem) => {
    const { faults } = refusalOf({ [name]: value });

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
    const { faults } = refusalOf({ WXPAY_HOSTS: hosts });

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
    expect(loadWith({ WXPAY_HOSTS: host }).hosts).toEqual([host]);
  });

  it.each([
    ['WXPAY_MCHID', 'WXPAY_MCH_ID', 'WXPAY_MCHID'],
    ['WXPAY_MCHID', 'WX_PAY_MCHID', 'WXPAY_MCHID'],
    ['WXPAY_SERIAL_NO', 'wxpay_serial_number', 'WXPAY_SERIAL_NO'],
    ['WXPAY_PRIVATE_KEY', 'WXPAY_PRIVATEKEY', 'WXPAY_PRIVATE_KEY'],
    ['WXPAY_PRIVATE_KEY', 'WXPAY_PRIVATE_KEY_PATH', 'WXPAY_PRIVATE_KEY_FILE'],
  ])('asks whether %s was meant by %s', (missing, given, right) => {
    const { faults } = refusalOf({ [missing]: undefined, [given]: 'something' });

    expect(faults).toEqual([`${missing} is not set. Did you mean ${given}? Rename it to ${right}.`]);
  });

  it('ignores similar names if no variable is missing', () => {
    expect(() => loadWith({ WXPAY_MCH_ID: '1', WXPAY_PRIVATE_KEY_PATH: '/x' })).not.toThrow();
  });
});
