import { describe, expect, it } from '@jest/globals';
import {
  merchantKeys,
  refusalOf,
  v2RefusalOf,
  loadV2With,
} from '../../support/fixtures/complete-environment.js';
import { looksLikePath } from '../../../lib/crypto/looks-like-path.js';

const PATH_HINT = ' The value looks like a path, which only variables that end in _FILE take.';
const LONG_PATH = '/Users/alice/projects/company/services/payments/config/secrets/wxpay';

describe('loadOptions with a path in place of a value', () => {
  it.each(
    ['WXPAY_PRIVATE_KEY', 'WXPAY_PUBLIC_KEY', 'WXPAY_API_V3_KEY'].flatMap((name) =>
      [
        '/wxkey',
        '/证书/私钥',
        'my keys/key',
        '$HOME/key',
        '${HOME}/key',
        '%APPDATA%\\key',
        '~shop/key',
        LONG_PATH,
      ].map((path) => [name, path] as const),
    ),
  )('recognises the path %s=%s', (name, path) => {
    expect(refusalOf({ [name]: path }).faults).toEqual([
      `${name} holds a path. Set ${name}_FILE to it instead.`,
    ]);
  });

  it.each([
    ['WXPAY_PRIVATE_KEY', 'C:\new\\key'],
    ['WXPAY_PRIVATE_KEY', 'certs\new_key'],
    ['WXPAY_PUBLIC_KEY', 'D:\router\\key'],
    ['WXPAY_API_V3_KEY', 'C:\new\\key'],
  ])('names the line end in %s=%j', (name, path) => {
    expect(refusalOf({ [name]: path }).faults).toEqual([
      `${name} holds a Windows path in which \\n or \\r became a line end, as in double quotes. Set ${name}_FILE to it instead, with / in place of \\.`,
    ]);
  });

  it.each([
    '/etc/secrets/wxpay/prod/apiv3key',
    './secrets/of/wxpay/prod/apiv3key',
    '~/my/secrets/wxpay/prod/apiv3key',
    'C:\\secrets\\wxpay\\prod\\api_v3_key',
  ])('refuses %s for an API key, although it may have the length of one', (path) => {
    expect(refusalOf({ WXPAY_API_V3_KEY: path }).faults).toEqual([
      'WXPAY_API_V3_KEY holds a path. Set WXPAY_API_V3_KEY_FILE to it instead.',
    ]);
    expect(v2RefusalOf({ WXPAY_API_V2_KEY: path }).faults).toEqual([
      'WXPAY_API_V2_KEY holds a path. Set WXPAY_API_V2_KEY_FILE to it instead.',
    ]);
  });

  it.each(['192006250b4c09247ec02edce69f6a2d', 'Zk7Qw2Rt9Yx4Lm6Np8Vc3Bh5Jd1Fg0Ks'])(
    'accepts the API key %s',
    (key) => {
      expect(() => loadV2With({ WXPAY_API_V2_KEY: key })).not.toThrow();
    },
  );

  it.each(['/run/secrets/x', 'C:\new\\serial'])('points out the path %j in WXPAY_SERIAL_NO', (path) => {
    expect(refusalOf({ WXPAY_SERIAL_NO: path }).faults).toEqual([
      `WXPAY_SERIAL_NO must be the serial number of the merchant API certificate: 40 hexadecimal characters. See "openssl x509 -in apiclient_cert.pem -noout -serial".${PATH_HINT}`,
    ]);
  });

  it('points out the path in WXPAY_PUBLIC_KEY_ID', () => {
    const { faults } = refusalOf({ WXPAY_PUBLIC_KEY_ID: '/run/secrets/x' });

    expect(faults).toEqual([expect.stringContaining('WXPAY_PUBLIC_KEY_ID must be the identifier')]);
    expect(faults[0]).toMatch(new RegExp(`PUB_KEY_ID_\\.${PATH_HINT}$`));
  });

  it('speaks of no path for another wrong serial number', () => {
    expect(refusalOf({ WXPAY_SERIAL_NO: '408B' }).faults[0]).not.toContain('path');
  });
});

describe('looksLikePath', () => {
  it('takes no line of a key for a path', () => {
    const { privateKey } = merchantKeys;
    const lines = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString().split('\n');

    expect(lines.slice(1, -3).filter(looksLikePath)).toEqual([]);
  });

  it.each([
    '/aB3dE9fGh1Jk2Lm3Np4Qr5St6Uv7Wx8Yz9/aB3dE9fGh1Jk2Lm3Np4Qr5St6Uv7',
    '/aB3dE9fGh1Jk2Lm3/Np4Qr5St6Uv7Wx8Yz9aB3dE9fG=',
    'aB3dE9fGh1Jk2+Lm3/Np4Qr5St6Uv7Wx8Yz9aB3dE9fG',
  ])('takes the base64 text %s for none', (text) => {
    expect(looksLikePath(text)).toBe(false);
  });
});
