import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TemporaryFile } from './temporary-file.js';

/** Terms on which the body of a reply becomes a file. */
export interface SpoolTerms {
  /** Maximum size of the decompressed content, in bytes. */
  readonly maxBytes: number;
  /** Decompresses the content if it is gzip. */
  readonly gunzip: boolean;
  /** Expected SHA-1 of the decompressed content, in lower-case hexadecimal. */
  readonly sha1?: string | undefined;
}

/**
 * Reason why a body did not become a file:
 *
 * - `broken` the connection broke
 * - `too-large` the content is larger than allowed
 * - `not-gzip` the compressed content is damaged
 * - `wrong-hash` the content has another SHA-1 than expected
 * - `disk` the temporary file could not be written
 */
export type SpoolFault = 'broken' | 'too-large' | 'not-gzip' | 'wrong-hash' | 'disk';

/** A body that did not become a file; nothing is left of it on the disk. */
export class SpoolError extends Error {
  readonly fault: SpoolFault;

  constructor(fault: SpoolFault, cause?: unknown) {
    super(fault, { cause });
    this.fault = fault;
  }
}

/**
 * Writes a body to a temporary file as it arrives, in constant memory.
 *
 * @throws {SpoolError} naming the fault
 */
export async function spool(body: Readable, terms: SpoolTerms): Promise<TemporaryFile> {
  let broken: { readonly cause: unknown } | undefined;
  body.once('error', (cause) => (broken ??= { cause }));
  try {
    return await TemporaryFile.create((file) => write(body, file, terms));
  } catch (error) {
    body.destroy();
    if (error instanceof SpoolError) throw error;
    if (broken !== undefined) throw new SpoolError('broken', broken.cause);
    const isOfZlib = (error as NodeJS.ErrnoException).code?.startsWith('Z_') === true;
    throw new SpoolError(isOfZlib ? 'not-gzip' : 'disk', error);
  }
}

async function write(
  body: Readable,
  file: FileHandle,
  { maxBytes, gunzip, sha1 }: SpoolTerms,
): Promise<number> {
  const hash = sha1 === undefined ? undefined : createHash('sha1');
  let size = 0;
  for await (const chunk of gunzip ? await gunzipped(body) : body) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > maxBytes) throw new SpoolError('too-large');
    hash?.update(bytes);
    try {
      await file.writeFile(bytes);
    } catch (error) {
      // Named here: leaving the loop destroys the body, and the error of that looks like a broken connection.
      throw new SpoolError('disk', error);
    }
  }
  if (hash !== undefined && hash.digest('hex') !== sha1) throw new SpoolError('wrong-hash');
  return size;
}

/** Decompresses a body that begins as gzip does. Any other is left as it is: it may have been decompressed on the way. */
async function gunzipped(body: Readable): Promise<Readable> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let start = Buffer.alloc(0);
  while (start.length < 2) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    start = Buffer.concat([start, value]);
  }
  const whole = Readable.from(joined(start, chunks), { objectMode: false });
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  // The caller reads the result, and gets its errors there.
  return isGzip ? pipeline(whole, createGunzip(), () => undefined) : whole;
}

async function* joined(start: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start;
  for (;;) {
    const { done, value } = await chunks.next();
    if (done === true) return;
    yield value;
  }
}
