import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateFor } from '../../support/fixtures/certificates.js';
import {
  COMPLETE_ENVIRONMENT,
  loadWith,
  merchantKeys,
  refusalOf,
  weChatPayKeys,
} from '../../support/fixtures/complete-environment.js';

describe('readKey', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wxpay-config-'));
    writeFileSync(join(folder, 'apiclient_key.pem'), merchantKeys.privatePem);
    writeFileSync(join(folder, 'pub_key.pem'), weChatPayKeys.publicPem);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads keys from files', () => {
    const options = loadWith({
      WXPAY_PRIVATE_KEY: undefined,
      WXPAY_PRIVATE_KEY_FILE: join(folder, 'apiclient_key.pem'),
      WXPAY_PUBLIC_KEY: undefined,
      WXPAY_PUBLIC_KEY_FILE: join(folder, 'pub_key.pem'),
    });

    expect(options.signer.serialNo).toBe(COMPLETE_ENVIRONMENT.WXPAY_SERIAL_NO);
  });

  it('refuses a key in two places at once', () => {
    const { faults } = refusalOf({ WXPAY_PRIVATE_KEY_FILE: join(folder, 'apiclient_key.pem') });

    expect(faults).toEqual(['WXPAY_PRIVATE_KEY and WXPAY_PRIVATE_KEY_FILE are both set. Keep one of them.']);
  });

  it('says which of two variables holds a path', () => {
    const { faults } = refusalOf({
      WXPAY_PRIVATE_KEY: './apiclient_key.pem',
      WXPAY_PRIVATE_KEY_FILE: join(folder, 'apiclient_key.pem'),
    });

    expect(faults).toEqual([
      'WXPAY_PRIVATE_KEY and WXPAY_PRIVATE_KEY_FILE are both set. Keep one of them. WXPAY_PRIVATE_KEY holds a path, not a key.',
    ]);
  });

  it('says that ~ is not expanded', () => {
    const { faults } = refusalOf({ WXPAY_PUBLIC_KEY: undefined, WXPAY_PUBLIC_KEY_FILE: '~/pub_key.pem' });

    expect(faults[0]).toContain('no such file. ~ is not expanded: write the path in full.');
  });

  it.each([
    ['absent.pem', 'no such file'],
    ['.', 'it is a directory'],
    ['pub_key.pem/absent.pem', 'ENOTDIR'],
  ])('names the path when the file %s cannot be read', (name, reason) => {
    const path = join(folder, name);

    const { faults } = refusalOf({ WXPAY_PUBLIC_KEY: undefined, WXPAY_PUBLIC_KEY_FILE: path });

    expect(faults).toEqual([
      `WXPAY_PUBLIC_KEY_FILE names ${path}, which cannot be read: ${reason}. Correct the path or mount the file.`,
    ]);
  });

  it('names the absolute path if a relative one does not exist', () => {
    const { faults } = refusalOf({
      WXPAY_PUBLIC_KEY: undefined,
      WXPAY_PUBLIC_KEY_FILE: 'absent/pub_key.pem',
    });

    expect(faults[0]).toContain(`names ${join(process.cwd(), 'absent/pub_key.pem')}, which`);
  });

  it.each([
    ['as it is', merchantKeys.privatePem],
    ['with escaped line ends', merchantKeys.privatePem.replaceAll('\n', '\\n')],
    ['in base64', Buffer.from(merchantKeys.privatePem).toString('base64')],
    ['as its first lines, escaped', merchantKeys.privatePem.replaceAll('\n', '\\n').slice(0, 90)],
    ['as two lines from within', merchantKeys.privatePem.split('\n').slice(1, 3).join('\n')],
    ['as the last lines of it', merchantKeys.privatePem.split('\n').slice(-20).join('')],
  ])('does not quote a key set in place of its path, %s', (_form, key) => {
    const error = refusalOf({ WXPAY_PRIVATE_KEY: undefined, WXPAY_PRIVATE_KEY_FILE: key });

    expect(error.faults).toEqual([
      'WXPAY_PRIVATE_KEY_FILE is not a path. If it is what the file contains, set WXPAY_PRIVATE_KEY to it instead.',
    ]);
  });

  it('recognises a path set in place of a key', () => {
    const { faults } = refusalOf({ WXPAY_PRIVATE_KEY: './certs/apiclient_key.pem' });

    expect(faults).toEqual(['WXPAY_PRIVATE_KEY holds a path. Set WXPAY_PRIVATE_KEY_FILE to it instead.']);
  });

  it('names the variable that holds a faulty key', () => {
    const { faults } = refusalOf({
      WXPAY_PRIVATE_KEY: undefined,
      WXPAY_PRIVATE_KEY_FILE: join(folder, 'pub_key.pem'),
      WXPAY_PUBLIC_KEY: merchantKeys.privatePem,
    });

    expect(faults).toEqual([
      'WXPAY_PRIVATE_KEY_FILE starts with a public key header. Use apiclient_key.pem (BEGIN PRIVATE KEY, or BEGIN RSA PRIVATE KEY).',
      'WXPAY_PUBLIC_KEY starts with a private key header. Use pub_key.pem, the WeChat Pay public key (BEGIN PUBLIC KEY), or a platform certificate (BEGIN CERTIFICATE).',
    ]);
  });

  it.each([
    ['public key', () => merchantKeys.publicPem],
    [
      'public key in DER',
      () => merchantKeys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    ],
    ['certificate', () => certificateFor(merchantKeys)],
  ])("refuses the merchant's own %s in place of the WeChat Pay public key", async (_kind, make) => {
    const own = await make();

    const { faults } = refusalOf({ WXPAY_PUBLIC_KEY: own });

    expect(faults).toEqual([
      "WXPAY_PUBLIC_KEY belongs to the merchant's own private key in WXPAY_PRIVATE_KEY. Use pub_key.pem, the WeChat Pay public key (微信支付公钥) from the merchant console, not apiclient_cert.pem.",
    ]);
  });
});
