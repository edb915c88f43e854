import { createPrivateKey, createPublicKey, KeyObject } from 'node:crypto';

/** A key as people have it: PEM text, the bytes of a PEM file, or a parsed key. */
export type KeyInput = string | Buffer | KeyObject;

/** Why a key cannot be used; a phrase that follows the name of the option or variable, without a byte of the key. */
export class UnusableKey extends Error {}

const MIN_BITS = 2048;
const PRIVATE_REMEDY = 'Use apiclient_key.pem (BEGIN PRIVATE KEY, or BEGIN RSA PRIVATE KEY).';
const PUBLIC_REMEDY =
  'Use pub_key.pem, the WeChat Pay public key (BEGIN PUBLIC KEY), or a platform certificate (BEGIN CERTIFICATE).';

/**
 * Reads an RSA private key of at least 2048 bits from PKCS#8 or PKCS#1.
 *
 * @throws {UnusableKey} saying what was given instead and what is needed
 */
export function readPrivateKey(input: KeyInput): KeyObject {
  return checkKey(
    input instanceof KeyObject
      ? input
      : parse(input, ['PRIVATE KEY', 'RSA PRIVATE KEY'], createPrivateKey, PRIVATE_REMEDY),
    'private',
    PRIVATE_REMEDY,
  );
}

/**
 * Reads an RSA public key of at least 2048 bits from SPKI, PKCS#1 or an X.509 certificate.
 *
 * @throws {UnusableKey} saying what was given instead and what is needed
 */
export function readPublicKey(input: KeyInput): KeyObject {
  return checkKey(
    input instanceof KeyObject
      ? input
      : parse(input, ['PUBLIC KEY', 'RSA PUBLIC KEY', 'CERTIFICATE'], createPublicKey, PUBLIC_REMEDY),
    'public',
    PUBLIC_REMEDY,
  );
}

/** Runs a reader and adds what is wrong with the key to `faults`, under the name of the option. */
export function usable(read: () => KeyObject, option: string, faults: string[]): KeyObject | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnusableKey)) throw error;
    faults.push(`${option} ${error.message}`);
    return undefined;
  }
}

function parse(
  input: unknown,
  labels: readonly string[],
  create: (pem: string) => KeyObject,
  remedy: string,
): KeyObject {
  const pem = textOf(input, remedy);
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1];
  if (label === undefined) {
    const given =
      pem.trim() === '' ? 'is empty' : `is not PEM: it has no BEGIN line in its ${pem.length} characters`;
    throw new UnusableKey(`${given}. ${remedy}`);
  }
  if (label === 'ENCRYPTED PRIVATE KEY' || /Proc-Type: 4,ENCRYPTED/.test(pem)) {
    throw new UnusableKey(
      `is encrypted with a passphrase. Decrypt it first, for example with "openssl pkey". ${remedy}`,
    );
  }
  if (!labels.includes(label)) throw new UnusableKey(`starts with ${naming(label)}. ${remedy}`);
  try {
    return create(pem);
  } catch {
    // The error of OpenSSL may quote the input; what it says beyond "not readable" helps nobody.
    throw new UnusableKey(
      `has ${naming(label)} but its content is damaged or cut off. Copy the whole file again. ${remedy}`,
    );
  }
}

function textOf(input: unknown, remedy: string): string {
  if (typeof input === 'string') return input;
  if (!Buffer.isBuffer(input))
    throw new UnusableKey(`must be PEM text, a Buffer or a KeyObject, not ${typeof input}. ${remedy}`);
  // A DER or PKCS#12 file is one ASN.1 sequence whose length takes several bytes, or is left open; text never begins so.
  if (input[0] === 0x30 && (input[1] ?? 0) >= 0x80)
    throw new UnusableKey(
      `is a binary file of ${input.length} bytes (DER or PKCS#12, as apiclient_cert.p12), not PEM. ${remedy}`,
    );
  return input.toString('utf8');
}

function naming(label: string): string {
  const noun = label.toLowerCase().replace('rsa', 'RSA').replace('ec ', 'EC ');
  return `${/^[aeiou]/i.test(noun) || noun.startsWith('RSA') ? 'an' : 'a'} ${noun} header`;
}

function checkKey(key: KeyObject, type: 'private' | 'public', remedy: string): KeyObject {
  if (key.type !== type) throw new UnusableKey(`is a ${key.type} key, not a ${type} one. ${remedy}`);
  if (key.asymmetricKeyType !== 'rsa')
    throw new UnusableKey(`is a key of type ${key.asymmetricKeyType}, not RSA. ${remedy}`);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MIN_BITS)
    throw new UnusableKey(`is an RSA key of ${bits} bits; WeChat Pay uses ${MIN_BITS}. ${remedy}`);
  return key;
}
