import { constants } from 'node:buffer';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliDecompress,
  createBrotliDecompress,
  createUnzip,
  inflate,
  inflateRaw,
  unzip,
  type ZlibOptions,
} from 'node:zlib';
import { SendError } from './send-error.js';

type Decompress = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

const inflateZlib = promisify<Buffer, ZlibOptions, Buffer>(inflate);
const inflateBare = promisify<Buffer, ZlibOptions, Buffer>(inflateRaw);
const DECOMPRESS: ReadonlyMap<string, Decompress> = new Map<string, Decompress>([
  ['gzip', promisify<Buffer, ZlibOptions, Buffer>(unzip)],
  ['x-gzip', promisify<Buffer, ZlibOptions, Buffer>(unzip)],
  ['deflate', (bytes, options) => (hasZlibHeader(bytes) ? inflateZlib : inflateBare)(bytes, options)],
  ['br', promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress)],
]);

/**
 * Undoes the `Content-Encoding` of a body. Requests ask for none, but a proxy may compress all the same.
 *
 * @param encoding in any case; an unknown one leaves the body as it is
 * @throws as soon as there are more than `maxBytes`
 */
export async function decompress(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const work = DECOMPRESS.get(encoding.toLowerCase());
  if (work === undefined || body.length === 0) return body;
  try {
    return await work(body, { maxOutputLength: Math.min(maxBytes, constants.MAX_LENGTH) });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? new SendError('too-large')
      : error;
  }
}

const STREAMS: ReadonlyMap<string | undefined, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createUnzip],
  ['x-gzip', createUnzip],
  ['deflate', createUnzip],
  ['br', createBrotliDecompress],
]);

/** Undoes the `Content-Encoding` of a body as it arrives. Destroying the result destroys the body. */
export function decompressed(body: Readable, encoding: string | undefined): Readable {
  const stream = STREAMS.get(encoding?.toLowerCase());
  // The callback has nothing to do: an error also destroys the result, and its reader gets the error.
  return stream === undefined ? body : pipeline(body, stream(), () => undefined);
}

/** By RFC 9110 `deflate` means the zlib format; some servers send the bare stream. */
function hasZlibHeader(body: Buffer): boolean {
  return (body.readUInt8(0) & 0x0f) === 8;
}
