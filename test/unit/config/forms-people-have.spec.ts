import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateFor } from '../../support/fixtures/certificates.js';
import {
  COMPLETE_ENVIRONMENT,
  COMPLETE_V2_ENVIRONMENT,
  loadV2With,
  loadWith,
  merchantKeys,
  refusalOf,
  v2RefusalOf,
} from '../../support/fixtures/complete-environment.js';

const SERIAL_NO = COMPLETE_ENVIRONMENT.WXPAY_SERIAL_NO;
const { privatePem } = merchantKeys;
const certificatePem = await certificateFor(merchantKeys);
const API_V3_KEY = 'Zk7Qw2Rt9Yx4Lm6Np8Vc3Bh5Jd1Fg0Ks';
const BEGIN_ONLY =
  'has a private key header and nothing behind it: a .env file ends an unquoted value at its first line. Put the key into double quotes, or keep it in a file. Use apiclient_key.pem (BEGIN PRIVATE KEY, or BEGIN RSA PRIVATE KEY).';
const ID_REMEDY =
  'Copy the identifier shown beside the WeChat Pay public key (微信支付公钥) in the merchant console: it begins with PUB_KEY_ID_.';

describe('loadOptions with common forms of values', () => {
  it.each([
    `serial=${SERIAL_NO}`,
    SERIAL_NO.replace(/..(?=.)/g, '$&:'),
    SERIAL_NO.toLowerCase(),
    `Serial = ${SERIAL_NO}`,
  ])('accepts WXPAY_SERIAL_NO=%s', (given) => {
    expect(loadWith({ WXPAY_SERIAL_NO: given }).signer.serialNo).toBe(SERIAL_NO);
  });

  it.each([
    ['escaped twice', privatePem.replaceAll('\n', '\\\\n')],
    ['PKCS#1 under a PKCS#8 header', pkcs1UnderPkcs8()],
    ['the certificate before it', `${certificatePem}\n${privatePem}`],
  ])('accepts WXPAY_PRIVATE_KEY with %s', (_form, key) => {
    expect(() => loadWith({ WXPAY_PRIVATE_KEY: key })).not.toThrow();
  });
});

describe('loadOptions with secrets in files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wxpay-secrets-'));

  beforeAll(() => {
    writeFileSync(join(folder, 'plain'), `${API_V3_KEY}\n`);
    writeFileSync(join(folder, 'utf-16'), Buffer.from(`\uFEFF${API_V3_KEY}\r\n`, 'utf16le'));
    writeFileSync(join(folder, 'short'), 'short');
    writeFileSync(join(folder, 'empty'), '\n');
    writeFileSync(join(folder, 'key'), Buffer.from(`\uFEFF${privatePem}`, 'utf16le'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const v2Keys = (name: string) => ({
    WXPAY_API_V2_KEY: undefined,
    WXPAY_API_V2_KEY_FILE: join(folder, name),
  });

  it.each(['plain', 'utf-16'])('reads the APIv3 key from the file %s', (name) => {
    expect(loadWith({ WXPAY_API_V3_KEY_FILE: join(folder, name) }).apiV3Key).toBe(API_V3_KEY);
  });

  it.each(['plain', 'utf-16'])('reads the APIv2 key from the file %s', async (name) => {
    const fields = { mch_id: '1900007291' };

    const { signer } = loadV2With(v2Keys(name));

    await expect(signer.sign(fields)).resolves.toBe(
      await loadV2With({ WXPAY_API_V2_KEY: API_V3_KEY }).signer.sign(fields),
    );
  });

  it('reads a private key in UTF-16, as PowerShell writes it', () => {
    const changes = { WXPAY_PRIVATE_KEY: undefined, WXPAY_PRIVATE_KEY_FILE: join(folder, 'key') };

    expect(() => loadWith(changes)).not.toThrow();
  });

  it.each([
    ['short', 'must be exactly 32 bytes, not 5. Copy the APIv2 key that was set in the merchant console.'],
    ['empty', 'names a file that is empty.'],
  ])('names the variable of a file that is %s', (name, problem) => {
    expect(v2RefusalOf(v2Keys(name)).faults).toEqual([`WXPAY_API_V2_KEY_FILE ${problem}`]);
  });

  it('reports a missing file once', () => {
    const changes = {
      WXPAY_API_V3_KEY_FILE: '/run/secrets/absent',
      WXPAY_PUBLIC_KEY: undefined,
      WXPAY_PUBLIC_KEY_ID: undefined,
    };

    expect(refusalOf(changes).faults).toEqual([
      'WXPAY_API_V3_KEY_FILE names /run/secrets/absent, which cannot be read: no such file. Correct the path or mount the file.',
    ]);
  });

  it('rejects a file beside the same secret in a variable', () => {
    const changes = { WXPAY_API_V2_KEY_FILE: join(folder, 'plain') };

    expect(v2RefusalOf(changes).faults).toEqual([
      'WXPAY_API_V2_KEY and WXPAY_API_V2_KEY_FILE are both set. Keep one of them.',
    ]);
  });

  it('takes a key of 32 characters for a key, also if it looks like a path', () => {
    const key = 'shop/keys/0123456789abcdefABCDEF';

    expect(() => loadV2With({ WXPAY_API_V2_KEY: key })).not.toThrow();
  });

  it.each([`/run/secrets/wxpay_${'k'.repeat(32)}`, `/run/secrets/${'k'.repeat(19)}_key`])(
    'takes %s for a path',
    (path) => {
      expect(v2RefusalOf({ WXPAY_API_V2_KEY: path }).faults).toEqual([
        'WXPAY_API_V2_KEY holds a path. Set WXPAY_API_V2_KEY_FILE to it instead.',
      ]);
    },
  );

  it('suggests API=v2 if only the variables of APIv2 are set', () => {
    const { WXPAY_API: _api, WXPAY_API_V2_KEY: _key, ...rest } = COMPLETE_V2_ENVIRONMENT;
    const changes = Object.fromEntries(Object.keys(COMPLETE_ENVIRONMENT).map((name) => [name, undefined]));

    const { faults } = refusalOf({ ...changes, ...rest, WXPAY_API_V2_KEY_FILE: join(folder, 'plain') });

    expect(faults[0]).toContain('did you mean WXPAY_API=v2?');
  });
});

describe('loadOptions with a missing secret file', () => {
  it.each([
    ['WXPAY_API_V3_KEY_FILE', API_V3_KEY],
    ['WXPAY_API_V3_KEY_FILE', 'correct-horse-battery-staple'],
    ['WXPAY_PRIVATE_KEY_FILE', privatePem.split('\n')[3] ?? ''],
    ['WXPAY_PRIVATE_KEY_FILE', '/aB3dE9f/Gh1Jk2Lm3/Np4Qr5St6'],
    ['WXPAY_PUBLIC_KEY_FILE', 'x'.repeat(120)],
  ])('does not quote %s=%s', (name, secret) => {
    const { faults } = refusalOf({ [name.replace('_FILE', '')]: undefined, [name]: secret });

    expect(faults).toEqual([
      `${name} names a file that cannot be read: no such file. Correct the path; if it is what the file contains, set ${name.replace('_FILE', '')} to it instead.`,
    ]);
  });

  it.each(['/run/secrets/wxpay_api_v3_key', './certs/key', 'certs/v3.key', 'C:\\certs\\v3-key'])(
    'quotes the path %s in the fault',
    (path) => {
      const { faults } = refusalOf({ WXPAY_API_V3_KEY_FILE: path });

      expect(faults[0]).toContain(`${path.replace(/^\.\//, '')}, which cannot be read: no such file.`);
    },
  );
});

describe('loadOptions with common mistakes', () => {
  it.each([
    [
      'WXPAY_PRIVATE_KEY',
      '/run/secrets/wxpay_key',
      'holds a path. Set WXPAY_PRIVATE_KEY_FILE to it instead.',
    ],
    ['WXPAY_PRIVATE_KEY', 'certs/wxpay_key', 'holds a path. Set WXPAY_PRIVATE_KEY_FILE to it instead.'],
    ['WXPAY_PUBLIC_KEY', 'C:\\certs\\pub', 'holds a path. Set WXPAY_PUBLIC_KEY_FILE to it instead.'],
    ['WXPAY_API_V3_KEY', '/run/secrets/api_v3_key', 'holds a path. Set WXPAY_API_V3_KEY_FILE to it instead.'],
    [
      'WXPAY_API_V3_KEY',
      './api-v3-key-of-the-default-shop1',
      'holds a path. Set WXPAY_API_V3_KEY_FILE to it instead.',
    ],
    ['WXPAY_PRIVATE_KEY', '-----BEGIN PRIVATE KEY-----', BEGIN_ONLY],
    [
      'WXPAY_PUBLIC_KEY_ID',
      SERIAL_NO,
      `is the serial number of the merchant's own certificate. ${ID_REMEDY}`,
    ],
    [
      'WXPAY_PUBLIC_KEY_ID',
      SERIAL_NO.toLowerCase(),
      `is the serial number of the merchant's own certificate. ${ID_REMEDY}`,
    ],
    ['WXPAY_PUBLIC_KEY_ID', `5${SERIAL_NO.slice(1)}`, `is the serial number of a certificate. ${ID_REMEDY}`],
    [
      'WXPAY_PUBLIC_KEY_ID',
      '0119000072912024',
      `must be the identifier of the WeChat Pay public key. ${ID_REMEDY}`,
    ],
    [
      'WXPAY_HOSTS',
      'https://api.mch.weixin.qq.com,https://apihk.mch.weixin.qq.com',
      'must not be a host of overseas merchants (境外商户), such as apihk.mch.weixin.qq.com: their API has other paths and replies, and is not supported.',
    ],
  ])('explains %s=%s', (name, value, problem) => {
    expect(refusalOf({ [name]: value }).faults).toEqual([`${name} ${problem}`]);
  });

  it.each(['C:\new\\key.pem', '.\\certs\new.pem', 'certs\new\\key', 'D:\run\\key'])(
    'explains the Windows path %j, whose \\n or \\r became a line end in double quotes',
    (path) => {
      const { faults } = refusalOf({ WXPAY_PRIVATE_KEY: undefined, WXPAY_PRIVATE_KEY_FILE: path });

      expect(faults).toEqual([
        'WXPAY_PRIVATE_KEY_FILE is a Windows path in which \\n or \\r became a line end, as in double quotes. Write it with / in place of \\, or without quotes.',
      ]);
    },
  );
});

function pkcs1UnderPkcs8(): string {
  const pem = merchantKeys.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();
  return pem.replaceAll('RSA PRIVATE KEY', 'PRIVATE KEY');
}
