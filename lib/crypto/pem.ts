import { createPrivateKey, createPublicKey, KeyObject, X509Certificate } from 'node:crypto';
import { missingBlockMessage, readKeyBlocks, type KeyBlock } from './key-blocks.js';

/**
 * Private or public key: a PEM string (escaped or lost line ends, quotes and base64 are accepted), the bytes of a PEM or DER
 * file, or a parsed key.
 */
export type KeyInput = string | Buffer | KeyObject;

/**
 * Invalid key or certificate. The message is a phrase that follows the name of the option or variable; it contains no byte of
 * the key.
 */
export class InvalidKeyError extends Error {}

const MIN_BITS = 2048;
const PRIVATE_REMEDY = 'Use apiclient_key.pem (BEGIN PRIVATE KEY, or BEGIN RSA PRIVATE KEY).';
const PUBLIC_REMEDY =
  'Use pub_key.pem, the WeChat Pay public key (BEGIN PUBLIC KEY), or a platform certificate (BEGIN CERTIFICATE).';
const CERTIFICATE_REMEDY =
  'Use apiclient_cert.pem (BEGIN CERTIFICATE), not apiclient_cert.p12 and not a key.';

const CERTIFICATE_LABEL = 'CERTIFICATE';
const PRIVATE_LABELS = ['PRIVATE KEY', 'RSA PRIVATE KEY'];
const PUBLIC_LABELS = ['PUBLIC KEY', 'RSA PUBLIC KEY', CERTIFICATE_LABEL];

/**
 * Reads an RSA private key of at least 2048 bits from PKCS#8 or PKCS#1.
 *
 * @throws {InvalidKeyError} saying what was given instead and what is needed
 */
export function readPrivateKey(input: KeyInput): KeyObject {
  const key =
    input instanceof KeyObject
      ? input
      : parseKey(blocksOf(input, PRIVATE_LABELS, PRIVATE_REMEDY)[0], PRIVATE_REMEDY);
  return checkKey(key, 'private', PRIVATE_REMEDY);
}

/**
 * Reads an RSA public key of at least 2048 bits from SPKI, PKCS#1 or an X.509 certificate.
 *
 * @throws {InvalidKeyError} saying what was given instead and what is needed
 */
export function readPublicKey(input: KeyInput): KeyObject {
  const key =
    input instanceof KeyObject
      ? input
      : parseKey(blocksOf(input, PUBLIC_LABELS, PUBLIC_REMEDY)[0], PUBLIC_REMEDY);
  return checkKey(key, 'public', PUBLIC_REMEDY);
}

/**
 * Reads a certificate and the rest of its chain from one file.
 *
 * @throws {InvalidKeyError} saying what was given instead and what is needed
 */
export function readCertificates(input: string | Buffer): readonly [X509Certificate, ...X509Certificate[]] {
  const [first, ...others] = blocksOf(input, [CERTIFICATE_LABEL], CERTIFICATE_REMEDY);
  return [parseCertificate(first), ...others.map(parseCertificate)];
}

/** Runs a reader and adds its error to `faults`, under the name of the option. */
export function readOrReport<T>(read: () => T, option: string, faults: string[]): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidKeyError)) throw error;
    faults.push(`${option} ${error.message}`);
    return undefined;
  }
}

/** Returns the blocks with one of the labels; a DER file has no label and always qualifies. */
function blocksOf(
  input: unknown,
  labels: readonly string[],
  remedy: string,
): readonly [KeyBlock, ...KeyBlock[]] {
  if (typeof input !== 'string' && !Buffer.isBuffer(input)) {
    throw new InvalidKeyError(`must be PEM text, a Buffer or a KeyObject, not ${typeof input}. ${remedy}`);
  }
  const blocks = readKeyBlocks(input);
  const [given] = blocks;
  if (given === undefined) throw new InvalidKeyError(`${missingBlockMessage(input)} ${remedy}`);
  const [first, ...others] = blocks.filter(({ label }) => label === undefined || labels.includes(label));
  const block = first ?? given;
  if (block.isEncrypted) {
    throw new InvalidKeyError(
      `is encrypted with a passphrase. Decrypt it first, for example with "openssl pkey". ${remedy}`,
    );
  }
  if (first === undefined) throw new InvalidKeyError(`starts with ${describeLabel(given)}. ${remedy}`);
  if (labels === PUBLIC_LABELS && blocks.some(({ label = '' }) => PRIVATE_LABELS.includes(label))) {
    throw new InvalidKeyError(`holds a private key, too, so it is not WeChat Pay's. ${remedy}`);
  }
  return [first, ...others];
}

/** Tries every format and ignores the label: a PKCS#1 body under a PKCS#8 header is common. */
function parseKey(block: KeyBlock, remedy: string): KeyObject {
  const { der: key } = block;
  const readers = [
    () => createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
    () => createPrivateKey({ key, format: 'der', type: 'pkcs1' }),
    () => createPublicKey({ key, format: 'der', type: 'spki' }),
    () => createPublicKey({ key, format: 'der', type: 'pkcs1' }),
    () => new X509Certificate(key).publicKey,
  ];
  for (const read of readers) {
    try {
      return read();
    } catch {
      // Another format: try the next one.
    }
  }
  throw unreadableKey(block, remedy);
}

function parseCertificate(block: KeyBlock): X509Certificate {
  try {
    return new X509Certificate(block.der);
  } catch {
    throw unreadableKey(block, CERTIFICATE_REMEDY);
  }
}

/** Makes an error of our own: OpenSSL's may quote the input and explains nothing else. */
function unreadableKey(block: KeyBlock, remedy: string): InvalidKeyError {
  const { label, der } = block;
  if (label === undefined) {
    return new InvalidKeyError(
      `is a binary file of ${der.length} bytes that cannot be read: apiclient_cert.p12 (PKCS#12), or a damaged key. ${remedy}`,
    );
  }
  if (der.length === 0) {
    return new InvalidKeyError(
      `has ${describeLabel(block)} and nothing behind it: a .env file ends an unquoted value at its first line. Put the key into double quotes, or keep it in a file. ${remedy}`,
    );
  }
  return new InvalidKeyError(
    `has ${describeLabel(block)} but its content is damaged or cut off. Copy the whole file again. ${remedy}`,
  );
}

function describeLabel({ label = 'binary' }: KeyBlock): string {
  const noun = label.toLowerCase().replace('rsa', 'RSA').replace('ec ', 'EC ');
  return `${/^[aeiou]/i.test(noun) || noun.startsWith('RSA') ? 'an' : 'a'} ${noun} header`;
}

function checkKey(key: KeyObject, type: 'private' | 'public', remedy: string): KeyObject {
  if (key.type !== type) throw new InvalidKeyError(`is a ${key.type} key, not a ${type} one. ${remedy}`);
  if (key.asymmetricKeyType !== 'rsa') {
    throw new InvalidKeyError(`is a key of type ${key.asymmetricKeyType}, not RSA. ${remedy}`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MIN_BITS) {
    throw new InvalidKeyError(`is an RSA key of ${bits} bits; WeChat Pay uses ${MIN_BITS}. ${remedy}`);
  }
  return key;
}
