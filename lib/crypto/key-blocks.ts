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
/** Base64 of anything that holds a key is longer. */
const MIN_BASE64_LENGTH = 100;

/**
 * Reads the blocks of a key or certificate in the forms that variables, files and databases keep it in: PEM with real,
 * escaped, Windows or lost line ends, quoted or not, in UTF-8 or UTF-16; DER; base64 of either.
 *
 * @returns no block if the text is none of these
 */
export function readKeyBlocks(given: string | Buffer): readonly KeyBlock[] {
  if (typeof given !== 'string' && isDer(given)) return [{ der: given }];
  const text = keyText(given);
  if (BASE64.test(text)) {
    const bytes = Buffer.from(text, 'base64');
    if (isDer(bytes) || isEncodedText(plainText(bytes))) return readKeyBlocks(bytes);
  }
  return [...text.matchAll(BLOCK)].map(([, label, body = '']) => ({
    label,
    der: bytesOf(body.replace(/\s/g, '')),
    isEncrypted: label === 'ENCRYPTED PRIVATE KEY' || body.includes('Proc-Type: 4,ENCRYPTED'),
  }));
}

/** What is not base64 stays as it is, and then is no key. */
function bytesOf(body: string): Buffer {
  return Buffer.from(body, BASE64.test(body) ? 'base64' : 'utf8');
}

/** PEM, or once more base64, as Kubernetes adds it to what is encoded already. */
function isEncodedText(text: string): boolean {
  return text.includes('-----BEGIN ') || (BASE64.test(text.trim()) && text.length >= MIN_BASE64_LENGTH);
}

/** Names the cause where a text has no block, or one without content; a phrase that follows the name of the option. */
export function lackOfBlocks(given: string | Buffer): string {
  const text = keyText(given);
  if (text === '') return 'is empty.';
  if (looksLikePath(text)) return 'is a path, not a key. Pass what the file contains.';
  return `is not PEM: it has no BEGIN line in its ${text.length} characters.`;
}

/**
 * Text of a file in UTF-8, or in UTF-16 with ASCII characters only: read as UTF-8 these have a zero byte beside them, and
 * the byte order mark becomes a replacement character.
 */
export function plainText(given: string | Buffer): string {
  // oxlint-disable-next-line no-control-regex -- the zero byte is what this is about
  return given.toString().replace(/[\0\uFEFF\uFFFD]/g, '');
}

function keyText(given: string | Buffer): string {
  return plainText(given)
    .replace(/\\+r/g, '')
    .replace(/\\+n/g, '\n')
    .trim()
    .replace(/^\\?["'`]|\\?["'`]$/g, '')
    .trim();
}

/** A DER or PKCS#12 file is one ASN.1 sequence; the length of one as long as a key takes several bytes, or is left open. */
function isDer(bytes: Buffer): boolean {
  return bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80;
}
