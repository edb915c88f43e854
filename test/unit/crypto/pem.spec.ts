import { describe, expect, it } from '@jest/globals';
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  readPrivateKey,
  readPublicKey,
  InvalidKeyError,
  readOrReport,
  type KeyInput,
} from '../../../lib/crypto/pem.js';
import { certificateFor } from '../../support/fixtures/certificates.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const keys = rsaKeys();
const short = rsaKeys(1024);
const { privateKey, publicKey, privatePem, publicPem } = keys;
const certificatePem = await certificateFor(keys);
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const passphrase = { cipher: 'aes-256-cbc', passphrase: 'secret' };

function pemOf(key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'spki' | 'sec1'): string {
  return key.export({ format: 'pem', type } as never).toString();
}

const pkcs1Pem = pemOf(privateKey, 'pkcs1');
const pkcs1PublicPem = pemOf(publicKey, 'pkcs1');
const curvePem = pemOf(curve.privateKey, 'sec1');
const encryptedPem = privateKey.export({ format: 'pem', type: 'pkcs8', ...passphrase }).toString();
const legacyEncryptedPem = privateKey.export({ format: 'pem', type: 'pkcs1', ...passphrase }).toString();
const der = privateKey.export({ format: 'der', type: 'pkcs8' });
const publicDer = publicKey.export({ format: 'der', type: 'spki' });

const PRIVATE = 'Use apiclient_key.pem (BEGIN PRIVATE KEY, or BEGIN RSA PRIVATE KEY).';
const PUBLIC =
  'Use pub_key.pem, the WeChat Pay public key (BEGIN PUBLIC KEY), or a platform certificate (BEGIN CERTIFICATE).';
const DECRYPT = 'is encrypted with a passphrase. Decrypt it first, for example with "openssl pkey".';

/** Every run of 8 characters between the BEGIN and END lines, and of their bytes. */
function fragmentsOf(input: unknown): string[] {
  const text = typeof input === 'string' ? input : Buffer.isBuffer(input) ? input.toString('latin1') : '';
  const body = text.replace(/-----[A-Z0-9 ]+-----/g, '').trim();
  return Array.from({ length: Math.max(0, body.length - 7) }, (_, start) => body.slice(start, start + 8));
}

function refusalOf(read: () => unknown): InvalidKeyError {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidKeyError) return error;
    throw error;
  }
  throw new Error('The key was accepted.');
}

describe('readPrivateKey', () => {
  it.each<[string, KeyInput]>([
    ['PKCS#8', privatePem],
    ['PKCS#1', pkcs1Pem],
    ['PKCS#8 with Windows line ends', privatePem.replaceAll('\n', '\r\n')],
    ['PKCS#8 after other text', `Bag Attributes\n    localKeyID: 01\n${privatePem}`],
    ['the bytes of a PEM file', Buffer.from(privatePem)],
    ['the bytes of a PEM file with a byte order mark', Buffer.from(`\uFEFF${privatePem}`)],
    ['a KeyObject', privateKey],
  ])('reads %s', (_form, input) => {
    expect(readPrivateKey(input).equals(privateKey)).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['a public key', publicPem, `starts with a public key header. ${PRIVATE}`],
    ['a PKCS#1 public key', pkcs1PublicPem, `starts with an RSA public key header. ${PRIVATE}`],
    ['a certificate', certificatePem, `starts with a certificate header. ${PRIVATE}`],
    ['a public KeyObject', publicKey, `is a public key, not a private one. ${PRIVATE}`],
    [
      'a secret KeyObject',
      createSecretKey(Buffer.alloc(32)),
      `is a secret key, not a private one. ${PRIVATE}`,
    ],
    ['an encrypted PKCS#8 key', encryptedPem, `${DECRYPT} ${PRIVATE}`],
    ['an encrypted PKCS#1 key', legacyEncryptedPem, `${DECRYPT} ${PRIVATE}`],
    ['an EC key', curvePem, `starts with an EC private key header. ${PRIVATE}`],
    ['an EC key in PKCS#8', pemOf(curve.privateKey, 'pkcs8'), `is a key of type ec, not RSA. ${PRIVATE}`],
    ['an EC KeyObject', curve.privateKey, `is a key of type ec, not RSA. ${PRIVATE}`],
    ['a key of 1024 bits', short.privatePem, `is an RSA key of 1024 bits; WeChat Pay uses 2048. ${PRIVATE}`],
    [
      'a PKCS#12 file whose length is left open',
      Buffer.from([0x30, 0x80, 2, 1, 3, 0, 0]),
      `is a binary file of 7 bytes that cannot be read: apiclient_cert.p12 (PKCS#12), or a damaged key. ${PRIVATE}`,
    ],
    ['a public key in DER', publicDer, `is a public key, not a private one. ${PRIVATE}`],
    [
      'a key that is cut off',
      privatePem.slice(0, 800),
      `has a private key header but its content is damaged or cut off. Copy the whole file again. ${PRIVATE}`,
    ],
    [
      'a PKCS#1 key that is cut off',
      pkcs1Pem.slice(0, 800),
      `has an RSA private key header but its content is damaged or cut off. Copy the whole file again. ${PRIVATE}`,
    ],
    [
      'a header alone',
      '-----BEGIN PRIVATE KEY-----',
      `has a private key header and nothing behind it: a .env file ends an unquoted value at its first line. Put the key into double quotes, or keep it in a file. ${PRIVATE}`,
    ],
    [
      'a part of the body',
      privatePem.split('\n').slice(2, -2).join(''),
      `is not PEM: it has no BEGIN line in its ${privatePem.split('\n').slice(2, -2).join('').length} characters. ${PRIVATE}`,
    ],
    [
      'some text',
      'correct horse battery',
      `is not PEM: it has no BEGIN line in its 21 characters. ${PRIVATE}`,
    ],
    [
      'the bytes of a text',
      Buffer.from('0 is no key'),
      `is not PEM: it has no BEGIN line in its 11 characters. ${PRIVATE}`,
    ],
    ['nothing', '', `is empty. ${PRIVATE}`],
    ['blanks', ' \n', `is empty. ${PRIVATE}`],
    ['no bytes', Buffer.alloc(0), `is empty. ${PRIVATE}`],
    ['undefined', undefined, `must be PEM text, a Buffer or a KeyObject, not undefined. ${PRIVATE}`],
    [
      'an options object',
      { key: privatePem },
      `must be PEM text, a Buffer or a KeyObject, not object. ${PRIVATE}`,
    ],
  ])('refuses %s without quoting it', (_kind, input, message) => {
    // What JavaScript callers pass is not bound by the types.
    const error = refusalOf(() => readPrivateKey(input as KeyInput));

    expect(error.message).toBe(message);
    expect(fragmentsOf(input).filter((fragment) => error.message.includes(fragment))).toEqual([]);
    expect(error.cause).toBeUndefined();
  });
});

describe('readPrivateKey with a path instead of a key', () => {
  it.each([
    './certs/apiclient_key.pem',
    'apiclient_key.pem',
    '/run/secrets/wxpay_key',
    'secrets/wxpay_key',
    'C:\\certs\\wxpay_key',
    '\\\\host\\share\\key',
    '~/key',
    'file:///run/secrets/key',
  ])('rejects %s', (path) => {
    expect(refusalOf(() => readPrivateKey(path)).message).toBe(
      `is a path, not a key. Pass what the file contains. ${PRIVATE}`,
    );
  });
});

describe('readPublicKey', () => {
  it.each<[string, KeyInput]>([
    ['SPKI', publicPem],
    ['PKCS#1', pkcs1PublicPem],
    ['an X.509 certificate', certificatePem],
    ['the bytes of a PEM file', Buffer.from(publicPem)],
    ['the bytes of a certificate', Buffer.from(certificatePem)],
    ['a KeyObject', publicKey],
  ])('reads %s', (_form, input) => {
    expect(readPublicKey(input).equals(publicKey)).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['a private key', privatePem, `starts with a private key header. ${PUBLIC}`],
    ['a PKCS#1 private key', pkcs1Pem, `starts with an RSA private key header. ${PUBLIC}`],
    ['an encrypted private key', encryptedPem, `${DECRYPT} ${PUBLIC}`],
    ['a private KeyObject', privateKey, `is a private key, not a public one. ${PUBLIC}`],
    ['an EC key', pemOf(curve.publicKey, 'spki'), `is a key of type ec, not RSA. ${PUBLIC}`],
    ['a key of 1024 bits', short.publicPem, `is an RSA key of 1024 bits; WeChat Pay uses 2048. ${PUBLIC}`],
    ['a private key in DER', der, `is a private key, not a public one. ${PUBLIC}`],
    [
      'a certificate with its private key',
      certificatePem + privatePem,
      `holds a private key, too, so it is not WeChat Pay's. ${PUBLIC}`,
    ],
    [
      'a key that is cut off',
      publicPem.slice(0, 200),
      `has a public key header but its content is damaged or cut off. Copy the whole file again. ${PUBLIC}`,
    ],
    [
      'a certificate that is cut off',
      certificatePem.slice(0, 400),
      `has a certificate header but its content is damaged or cut off. Copy the whole file again. ${PUBLIC}`,
    ],
    ['some text', 'PUB_KEY_ID_01', `is not PEM: it has no BEGIN line in its 13 characters. ${PUBLIC}`],
    ['nothing', '', `is empty. ${PUBLIC}`],
    ['null', null, `must be PEM text, a Buffer or a KeyObject, not object. ${PUBLIC}`],
  ])('refuses %s without quoting it', (_kind, input, message) => {
    const error = refusalOf(() => readPublicKey(input as KeyInput));

    expect(error.message).toBe(message);
    expect(fragmentsOf(input).filter((fragment) => error.message.includes(fragment))).toEqual([]);
  });
});

describe('readOrReport', () => {
  it('returns the key without a fault', () => {
    const faults: string[] = [];

    const key = readOrReport(() => privateKey, 'privateKey', faults);

    expect(key).toBe(privateKey);
    expect(faults).toEqual([]);
  });

  it('reports a key that cannot be used under the name of its option', () => {
    const faults = ['mchid is missing.'];

    const key = readOrReport(() => readPrivateKey(''), 'privateKey', faults);

    expect(key).toBeUndefined();
    expect(faults).toEqual(['mchid is missing.', `privateKey is empty. ${PRIVATE}`]);
  });

  it('rethrows every other error', () => {
    expect(() => readOrReport(failing, 'privateKey', [])).toThrow('the disk is on fire');
  });
});

function failing(): never {
  throw new Error('the disk is on fire');
}
