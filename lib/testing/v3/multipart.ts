import type { ReceivedRequest } from '../http/exchange.js';

/** Parts of an upload, as received. */
export interface Upload {
  /** JSON of the part `meta`: the only part that is signed. */
  readonly meta: Buffer;
  readonly fileName: string;
  readonly content: Buffer;
}

const BOUNDARY = /^multipart\/form-data\s*;\s*boundary="?([\w'()+,./:=?-]{1,70})"?\s*$/i;

/** Returns true if the request says that it is an upload. */
export function isMultipart({ headers }: ReceivedRequest): boolean {
  return /^multipart\/form-data\b/i.test(headers['content-type'] ?? '');
}

/** Reads an upload: exactly a part `meta` and a part `file`. @returns undefined if it is malformed */
export function readMultipart({ headers, body }: ReceivedRequest): Upload | undefined {
  const [, boundary] = BOUNDARY.exec(headers['content-type'] ?? '') ?? [];
  if (boundary === undefined) return undefined;
  // Latin-1 keeps every byte, whatever it means.
  const parts = `\r\n${body.toString('latin1')}`.split(`\r\n--${boundary}`);
  const [preamble, meta = '', file = '', end, ...others] = parts;
  if (preamble !== '' || end !== '--\r\n' || others.length > 0) return undefined;
  const metaPart =
    /^\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application\/json\r\n\r\n(.*)$/is.exec(
      meta,
    );
  const filePart =
    /^\r\nContent-Disposition: form-data; name="file"; filename="([^"]+)"\r\nContent-Type: [\w.+/-]+\r\n\r\n(.*)$/is.exec(
      file,
    );
  if (metaPart === null || filePart === null) return undefined;
  const [, json = ''] = metaPart;
  const [, name = '', content = ''] = filePart;
  return {
    meta: Buffer.from(json, 'latin1'),
    fileName: Buffer.from(name, 'latin1').toString(),
    content: Buffer.from(content, 'latin1'),
  };
}
