import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { KeyInput } from '../index.js';

const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}$/;
const PEM = /^-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----$/;

/**
 * Brings a key in any of the forms people keep in variables and files into one that signers and verifiers read.
 *
 * What is none of these is passed on as it is: the signer or verifier says what is wrong with it.
 */
export function toKeyInput(given: string | Buffer): KeyInput {
  const encoded = toPemOrDer(given);
  return typeof encoded === 'string' ? encoded : (parseDer(encoded) ?? encoded);
}

/**
 * Restores a key or certificate that was kept in a variable or a file: PEM with real, escaped, Windows or lost line
 * ends, base64 of the PEM file, DER, or base64 of DER. What is none of these is returned as text.
 */
export function toPemOrDer(given: string | Buffer): string | Buffer {
  if (typeof given !== 'string' && isDer(given)) return given;
  const text = given.toString().replaceAll('\\r', '').replaceAll('\\n', '\n').trim();
  if (BASE64.test(text)) {
    const bytes = Buffer.from(text, 'base64');
    if (isDer(bytes) || bytes.includes('-----BEGIN ')) return toPemOrDer(bytes);
  }
  return text.replace(PEM, rewrap);
}

/** Restores the lines of a PEM block: OpenSSL does not read it in one line, as YAML and some consoles fold it. */
function rewrap(_pem: string, label: string, body: string): string {
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
}

/** A DER or PKCS#12 file is one ASN.1 sequence; the length of one as long as a key takes several bytes, or is left open. */
function isDer(bytes: Buffer): boolean {
  return bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80;
}

function parseDer(key: Buffer): KeyObject | undefined {
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
      // Not of this kind; DER does not say which it is.
    }
  }
  return undefined;
}
