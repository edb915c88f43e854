import { describe, expect, it } from '@jest/globals';
import {
  clientCertificateFault,
  expiryOf,
  readClientCertificate,
} from '../../../lib/merchants/client-certificate-option.js';
import { certificateFor } from '../../support/fixtures/certificates.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const keys = rsaKeys();
const cert = (await certificateFor(keys)).trim();
const issuer = (await certificateFor(rsaKeys())).trim();
const key = keys.privatePem;
const pfx = Buffer.from('no .p12 file');

const SHAPE = /^must be \{ cert, key \} .*, or \{ pfx, passphrase \} /;

describe('clientCertificateFault', () => {
  it.each<[string, unknown]>([
    ['a text', cert],
    ['null', null],
    ['a certificate without a key', { cert }],
    ['a key without a certificate', { key }],
    ['a .p12 file without a passphrase', { pfx }],
    ['a passphrase without a .p12 file', { passphrase: '1900000001' }],
    ['a passphrase beside a key', { key, passphrase: '1900000001' }],
    ['both forms', { cert, key, pfx, passphrase: '1900000001' }],
  ])('refuses %s', (_, value) => {
    expect(clientCertificateFault(value)).toMatch(SHAPE);
  });

  it.each<[string, unknown]>([
    ['no certificate', undefined],
    ['a pair', { cert, key }],
    ['a pair with an issuer', { cert, key, ca: issuer }],
  ])('accepts %s', (_, value) => {
    expect(clientCertificateFault(value)).toBeUndefined();
  });

  it.each<[string, object, RegExp]>([
    ['a damaged certificate', { cert: 'x', key }, /^cannot be used: cert (?!.* And )/],
    ['a damaged key', { cert, key: 'x' }, /^cannot be used: key (?!.* And )/],
    ['a damaged pair', { cert: 'x', key: 'y' }, /^cannot be used: cert .* And key /],
    ['a damaged issuer', { cert, key, ca: 'x' }, /^cannot be used: ca /],
    ['a key of another certificate', { cert: issuer, key }, /^cannot be used: key does not belong to cert\./],
    ['a damaged .p12 file', { pfx, passphrase: '1900000001' }, /^cannot be opened: the passphrase is wrong /],
  ])('names %s', (_, value, fault) => {
    expect(clientCertificateFault(value)).toMatch(fault);
  });
});

describe('readClientCertificate', () => {
  it('restores the line breaks of chains', () => {
    const oneLine = (pem: string) => pem.replaceAll('\n', '\\n');

    const read = readClientCertificate({
      cert: oneLine(cert) + oneLine(issuer),
      key: oneLine(key),
      ca: oneLine(issuer) + oneLine(issuer),
    });

    expect(read).toEqual({
      cert: `${cert}\n${issuer}\n`,
      key,
      ca: `${issuer}\n${issuer}\n`,
    });
  });

  it.each([
    ['in base64', pfx.toString('base64')],
    ['in bytes', pfx],
  ])('reads a .p12 file %s', (_, given) => {
    expect(readClientCertificate({ pfx: given, passphrase: 'x' })).toEqual({ pfx, passphrase: 'x' });
  });
});

describe('expiryOf', () => {
  it('returns the expiry of a certificate, in PEM only', () => {
    const inAYear = Date.now() + 365 * 86_400_000;

    const end = expiryOf({ cert, key })?.getTime() ?? 0;

    expect(Math.abs(end - inAYear)).toBeLessThan(2 * 86_400_000);
    expect(expiryOf({ pfx, passphrase: 'x' })).toBeUndefined();
    expect(expiryOf(undefined)).toBeUndefined();
  });
});
