import { looksLikePath } from './looks-like-path.js';

/** One block of a PEM file, or a DER file, which has no label. */
export interface KeyBlock {
  readonly label?: string;
  readonly der: Buffer;
  /** Protected by a passphrase. */
  readonly isEncrypted?: boolean;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----(.*?)(?:-----END \1-----|(?=-----BEGIN )|$)/gs;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}$/;
/** Lower bound for the length of a key in base64. */
const MIN_BASE64_LENGTH = 100;

/**
 * Reads the blocks of a key or certificate. Accepts the forms found in environment variables, files and databases: PEM with
 * real, escaped, Windows or lost line ends, quoted or not, in UTF-8 or UTF-16; DER; base64 of either.
 *
 * @returns an empty list if the input has none of these forms
 */
export function readKeyBlocks(given: string | Buffer): readonly KeyBlock[] {
  if (typeof given !== 'string' && isDer(given)) return [{ der: given }];
  const text = keyText(given);
  if (BASE64.test(text)) {
    const bytes = Buffer.from(text, 'base64');
    if (isDer(bytes) || isEncodedText(decodeText(bytes))) return readKeyBlocks(bytes);
  }
  return [...text.matchAll(BLOCK)].map(([, label, body = '']) => ({
    label,
    der: decodeBody(body.replace(/\s/g, '')),
    isEncrypted: label === 'ENCRYPTED PRIVATE KEY' || body.includes('Proc-Type: 4,ENCRYPTED'),
  }));
}

/** Decodes the base64 of a block. An invalid body is kept as UTF-8 bytes, so that parsing it as a key fails. */
function decodeBody(body: string): Buffer {
  return Buffer.from(body, BASE64.test(body) ? 'base64' : 'utf8');
}

/** Returns true for PEM, and for base64 within base64: Kubernetes encodes values that are encoded already. */
function isEncodedText(text: string): boolean {
  return text.includes('-----BEGIN ') || (BASE64.test(text.trim()) && text.length >= MIN_BASE64_LENGTH);
}

/** Explains why no block was found, or only an empty one. The phrase follows the name of the option. */
export function missingBlockMessage(given: string | Buffer): string {
  const text = keyText(given);
  if (text === '') return 'is empty.';
  if (looksLikePath(text)) return 'is a path, not a key. Pass what the file contains.';
  return `is not PEM: it has no BEGIN line in its ${text.length} characters.`;
}

/**
 * Decodes a file in UTF-8, or in UTF-16 with ASCII characters only. Read as UTF-8, such UTF-16 has a zero byte beside each
 * character, and its byte order mark becomes a replacement character; both are removed.
 */
export function decodeText(given: string | Buffer): string {
  // oxlint-disable-next-line no-control-regex -- the zero byte is what this is about
  return given.toString().replace(/[\0\uFEFF\uFFFD]/g, '');
}

function keyText(given: string | Buffer): string {
  return decodeText(given)
    .replace(/\\+r/g, '')
    .replace(/\\+n/g, '\n')
    .trim()
    .replace(/^\\?["'`]|\\?["'`]$/g, '')
    .trim();
}

/**
 * Returns true for DER and PKCS#12. Both are one ASN.1 sequence, and the length of a sequence as long as a key takes several
 * bytes or is indefinite.
 */
function isDer(bytes: Buffer): boolean {
  return bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80;
}
