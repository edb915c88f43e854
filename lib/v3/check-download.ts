import type { WxPayDownload } from '../domain/files.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { DEFAULT_MAX_FILE_BYTES } from '../rules/limits.js';
import { DEFAULT_HOSTS } from '../transport/defaults.js';
import type { SpoolTerms } from '../transport/download/spool.js';

/** Validated download. */
export interface CheckedDownload extends SpoolTerms {
  readonly origin: string;
  /** Path and query, exactly as received. */
  readonly path: string;
}

/**
 * Checks a download. The request is signed and its reply is not: the host alone vouches for the content.
 *
 * @param hosts origins of the merchant
 * @throws {WxPayInputError} naming the invalid field, without the token in the URL
 */
export function checkDownload(download: WxPayDownload, hosts: readonly string[]): CheckedDownload {
  const {
    url,
    sha1,
    gunzip = false,
    maxBytes = DEFAULT_MAX_FILE_BYTES,
  } = (download ?? {}) as Partial<WxPayDownload>;
  if (sha1 !== undefined && !(typeof sha1 === 'string' && /^[0-9a-f]{40}$/i.test(sha1))) {
    throw new WxPayInputError('sha1', 'must be 40 hexadecimal characters.');
  }
  if (typeof gunzip !== 'boolean') throw new WxPayInputError('gunzip', 'must be true or false.');
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) {
    throw new WxPayInputError('maxBytes', 'must be a whole number of bytes, at least 1.');
  }
  return { ...checkUrl(url, hosts), gunzip, maxBytes, sha1: sha1?.toLowerCase() };
}

function checkUrl(url: unknown, hosts: readonly string[]): Pick<CheckedDownload, 'origin' | 'path'> {
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw new WxPayInputError('url', 'must be the URL that WeChat Pay gave.');
  }
  const { origin, pathname, search, username, password, hash } = new URL(url);
  // A file may be on either host of WeChat Pay. An app with other hosts, such as a test, never sends requests to WeChat Pay.
  const isReal = hosts.some((host) => DEFAULT_HOSTS.includes(host));
  if (!(isReal ? [...hosts, ...DEFAULT_HOSTS] : hosts).includes(origin)) {
    throw new WxPayInputError(
      'url',
      `must be of one of the merchant's hosts; it is of ${origin}. The request is signed, so it goes nowhere else.`,
    );
  }
  const path = pathname + search;
  // The signed URL must be the one that is sent. A URL that parsing changes is rejected: WeChat Pay gives no such URL.
  if (
    username !== '' ||
    password !== '' ||
    hash !== '' ||
    url.slice(url.indexOf('/', 'https://'.length)) !== path
  ) {
    throw new WxPayInputError('url', 'must be used as WeChat Pay gave it.');
  }
  return { origin, path };
}
