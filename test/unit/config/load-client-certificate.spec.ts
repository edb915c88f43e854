import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WxPayV2Options } from '../../../lib/index.js';
import { resolveOptions } from '../../../lib/merchants/resolve-options.js';
import { certificateFor } from '../../support/fixtures/certificates.js';
import {
  loadV2With,
  merchantKeys,
  v2RefusalOf,
  weChatPayKeys,
} from '../../support/fixtures/complete-environment.js';

const certificatePem = await certificateFor(merchantKeys);
const { raw } = new X509Certificate(certificatePem);
const PAIR = { WXPAY_CLIENT_CERT: certificatePem, WXPAY_PRIVATE_KEY: merchantKeys.privatePem };
const REMEDY = 'Use apiclient_cert.pem (BEGIN CERTIFICATE), not apiclient_cert.p12 and not a key.';

/** What the options hold, as TLS would read it. */
function pairIn({ clientCertificate }: WxPayV2Options) {
  if (clientCertificate === undefined || !('cert' in clientCertificate)) throw new Error('There is no pair.');
  const { cert, key } = clientCertificate;
  return { certificate: new X509Certificate(cert), privateKey: createPrivateKey(key) };
}

describe('loadClientCertificate', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wxpay-certificate-'));
    writeFileSync(join(folder, 'apiclient_cert.pem'), certificatePem);
    writeFileSync(join(folder, 'apiclient_cert.der'), raw);
    writeFileSync(join(folder, 'apiclient_cert.p12'), Buffer.from([0x30, 0x82, 0x0a, 0x0b, 2, 1, 3]));
    writeFileSync(join(folder, 'apiclient_key.pem'), merchantKeys.privatePem);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['PEM', certificatePem],
    ['PEM with escaped line ends', certificatePem.replaceAll('\n', '\\n')],
    ['PEM in one line', certificatePem.replaceAll('\n', ' ')],
    ['base64 of the PEM file', Buffer.from(certificatePem).toString('base64')],
    ['base64 of DER', raw.toString('base64')],
  ])('accepts the certificate as %s', (_form, text) => {
    const options = loadV2With({ ...PAIR, WXPAY_CLIENT_CERT: text });

    const { certificate, privateKey } = pairIn(options);

    expect(certificate.raw).toEqual(raw);
    expect(privateKey.equals(merchantKeys.privateKey)).toBe(true);
    expect(() => resolveOptions('default', options)).not.toThrow();
  });

  it.each(['apiclient_cert.pem', 'apiclient_cert.der'])('reads the file %s', (name) => {
    const options = loadV2With({
      WXPAY_CLIENT_CERT_FILE: join(folder, name),
      WXPAY_PRIVATE_KEY_FILE: join(folder, 'apiclient_key.pem'),
    });

    expect(pairIn(options).certificate.raw).toEqual(raw);
  });

  it('keeps each certificate of a chain', async () => {
    const issuer = await certificateFor(weChatPayKeys);

    const { clientCertificate } = loadV2With({ ...PAIR, WXPAY_CLIENT_CERT: certificatePem + issuer });

    expect(clientCertificate).toMatchObject({ cert: `${certificatePem}\n${issuer}\n` });
  });

  it('accepts a private key in DER', () => {
    const der = merchantKeys.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');

    const options = loadV2With({ ...PAIR, WXPAY_PRIVATE_KEY: der });

    expect(pairIn(options).privateKey.equals(merchantKeys.privateKey)).toBe(true);
  });

  it('ignores the private key without a certificate', () => {
    expect(loadV2With({ WXPAY_PRIVATE_KEY: 'damaged' }).clientCertificate).toBeUndefined();
  });

  it('requires the private key', () => {
    const { faults } = v2RefusalOf({ WXPAY_CLIENT_CERT: certificatePem });

    expect(faults).toEqual([
      'WXPAY_PRIVATE_KEY is not set. Set it to the content of apiclient_key.pem, or WXPAY_PRIVATE_KEY_FILE to its path. If .env has it, the validate or validationSchema of ConfigModule.forRoot() has to keep the name.',
    ]);
  });

  it('rejects the key of another certificate', () => {
    const { faults } = v2RefusalOf({ ...PAIR, WXPAY_PRIVATE_KEY: weChatPayKeys.privatePem });

    expect(faults).toEqual([
      'WXPAY_CLIENT_CERT does not belong to the private key in WXPAY_PRIVATE_KEY. Use apiclient_cert.pem and apiclient_key.pem of one download.',
    ]);
  });

  it('reports the fault of the private key', () => {
    const { faults } = v2RefusalOf({ ...PAIR, WXPAY_PRIVATE_KEY: certificatePem });

    expect(faults).toEqual([
      'WXPAY_PRIVATE_KEY starts with a certificate header. Use apiclient_key.pem (BEGIN PRIVATE KEY, or BEGIN RSA PRIVATE KEY).',
    ]);
  });

  it.each([
    ['a private key', merchantKeys.privatePem, 'starts with a private key header.'],
    ['a public key', merchantKeys.publicPem, 'starts with a public key header.'],
    [
      'a certificate cut off',
      certificatePem.slice(0, 400),
      'has a certificate header but its content is damaged or cut off. Copy the whole file again.',
    ],
    ['a word', 'certificate', 'is not PEM: it has no BEGIN line in its 11 characters.'],
  ])('refuses %s in place of the certificate', (_kind, text, problem) => {
    const { faults } = v2RefusalOf({ ...PAIR, WXPAY_CLIENT_CERT: text });

    expect(faults).toEqual([`WXPAY_CLIENT_CERT ${problem} ${REMEDY}`]);
  });

  it('refuses the .p12 file', () => {
    const { faults } = v2RefusalOf({
      WXPAY_CLIENT_CERT_FILE: join(folder, 'apiclient_cert.p12'),
      WXPAY_PRIVATE_KEY: merchantKeys.privatePem,
    });

    expect(faults).toEqual([
      `WXPAY_CLIENT_CERT_FILE is a binary file of 7 bytes that cannot be read: apiclient_cert.p12 (PKCS#12), or a damaged key. ${REMEDY}`,
    ]);
  });

  it('recognises a path set in place of the certificate', () => {
    const { faults } = v2RefusalOf({ ...PAIR, WXPAY_CLIENT_CERT: './certs/apiclient_cert.pem' });

    expect(faults).toEqual(['WXPAY_CLIENT_CERT holds a path. Set WXPAY_CLIENT_CERT_FILE to it instead.']);
  });

  it.each([
    ['WXPAY_CLIENT_CERT_PATH', 'WXPAY_CLIENT_CERT_FILE'],
    ['WXPAY_CLIENT_CERTIFICATE', 'WXPAY_CLIENT_CERT'],
  ])('reports the misspelt %s instead of leaving the certificate out', (given, right) => {
    const { faults } = v2RefusalOf({ [given]: 'something', WXPAY_PRIVATE_KEY: merchantKeys.privatePem });

    expect(faults).toEqual([`WXPAY_CLIENT_CERT is not set. Did you mean ${given}? Rename it to ${right}.`]);
  });
});
