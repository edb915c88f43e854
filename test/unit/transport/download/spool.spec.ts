import { afterEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import {
  spool,
  SpoolError,
  type SpoolFault,
  type SpoolTerms,
} from '../../../../lib/transport/download/spool.js';
import { TemporaryFile } from '../../../../lib/transport/download/temporary-file.js';
import { WxPayInputError } from '../../../../lib/errors/wxpay-input-error.js';
import { failureOf } from '../../../support/assertions/failure-of.js';
import { temporaryFiles } from '../../../support/fixtures/temporary-files.js';

const CONTENT = Buffer.from('交易时间,商户号\r\n');
const GZIP = gzipSync(CONTENT);
const RESET = new Error('reset');
const sha1Of = (content: Buffer) => createHash('sha1').update(content).digest('hex');
const singleBytes = (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.of(byte));
const wrongChecksum = Buffer.from(GZIP).fill(0, GZIP.length - 8, GZIP.length - 4);

/** A body that arrives in these chunks. Its connection then breaks if there is an error. */
function bodyOf(chunks: readonly unknown[], error?: Error): Readable {
  async function* arrive() {
    yield* chunks;
    if (error !== undefined) throw error;
  }
  return Readable.from(arrive());
}

/** Runs code with the environment variables of this process, of which jest gives a spec only a copy. */
const inProcessEnv = (code: string) => once(new Worker(code, { eval: true, env: SHARE_ENV }), 'exit');

afterEach(() => {
  expect(temporaryFiles()).toEqual([]);
});

describe('spool', () => {
  it.each<[string, readonly Buffer[], boolean, Buffer]>([
    ['content as it is', [CONTENT], false, CONTENT],
    ['the content of a gzip', [GZIP], true, CONTENT],
    ['the content of a gzip that arrives in single bytes', singleBytes(GZIP), true, CONTENT],
    ['a gzip that is not to be decompressed', [GZIP], false, GZIP],
    ['content that is not compressed', singleBytes(CONTENT), true, CONTENT],
    [
      'content with the first byte of a gzip only',
      [Buffer.of(0x1f, 0x20, 1)],
      true,
      Buffer.of(0x1f, 0x20, 1),
    ],
    [
      'content with the second byte of a gzip only',
      [Buffer.of(0x20, 0x8b, 1)],
      true,
      Buffer.of(0x20, 0x8b, 1),
    ],
    ['a single byte', [Buffer.of(0x1f)], true, Buffer.of(0x1f)],
    ['an empty body', [], true, Buffer.alloc(0)],
  ])('stores %s, up to the allowed size', async (_, chunks, gunzip, content) => {
    const terms = { maxBytes: content.length, gunzip };

    const file = await spool(bodyOf(chunks), { ...terms, sha1: sha1Of(content) });
    const unchecked = await spool(bodyOf(chunks), terms);

    expect(await file.read()).toEqual(content);
    expect(await unchecked.read()).toEqual(content);
    expect([file.size, unchecked.size]).toEqual([content.length, content.length]);
    await file[Symbol.asyncDispose]();
    await unchecked[Symbol.asyncDispose]();
  });

  it.each<[string, SpoolFault, Readable, Partial<SpoolTerms>, unknown]>([
    ['a broken connection', 'broken', bodyOf([CONTENT], RESET), {}, RESET],
    ['a connection that breaks first', 'broken', bodyOf([], RESET), { gunzip: true }, RESET],
    [
      'a broken connection in a gzip',
      'broken',
      bodyOf([GZIP.subarray(0, 12)], RESET),
      { gunzip: true },
      RESET,
    ],
    [
      'one byte too many',
      'too-large',
      bodyOf(singleBytes(CONTENT)),
      { maxBytes: CONTENT.length - 1 },
      undefined,
    ],
    [
      'a gzip that is cut off',
      'not-gzip',
      bodyOf([GZIP.subarray(0, -9)]),
      { gunzip: true },
      { code: 'Z_BUF_ERROR' },
    ],
    ['a wrong checksum', 'not-gzip', bodyOf([wrongChecksum]), { gunzip: true }, { code: 'Z_DATA_ERROR' }],
    ['another hash', 'wrong-hash', bodyOf([CONTENT]), { sha1: sha1Of(GZIP) }, undefined],
    // The file system rejects this value, as it rejects bytes when the disk is full.
    ['a chunk that cannot be written', 'disk', bodyOf([5, CONTENT]), {}, { code: 'ERR_INVALID_ARG_TYPE' }],
  ])('names the fault after %s, and keeps no file', async (_, fault, body, terms, cause) => {
    const spooling = spool(body, { maxBytes: 1_000, gunzip: false, ...terms });
    const error = await spooling.catch((failure: unknown) => failure as SpoolError);

    expect(error).toBeInstanceOf(SpoolError);
    expect(error).toMatchObject({ fault });
    if (cause === undefined) expect(error).toHaveProperty('cause', undefined);
    else expect(error).toMatchObject({ cause });
    expect(body.destroyed).toBe(true);
  });

  it.each([true, false])('names a temporary folder that is missing: with gunzip %s', async (gunzip) => {
    const folder = tmpdir();
    const body = bodyOf([GZIP]);
    await inProcessEnv(`process.env.TMPDIR = ${JSON.stringify(join(folder, 'missing'))}`);

    const error = await spool(body, { maxBytes: 1_000, gunzip }).catch((failure: unknown) => failure);

    await inProcessEnv(`process.env.TMPDIR = ${JSON.stringify(folder)}`);
    expect(error).toMatchObject({ fault: 'disk', cause: { code: 'ENOENT' } });
    expect(body.destroyed).toBe(true);
  });
});

describe('TemporaryFile', () => {
  it('is closed once it is written, or could not be', async () => {
    const handles: FileHandle[] = [];
    const failing = new Error('disk full');

    const file = await TemporaryFile.create(async (handle) => handles.push(handle));
    const failed = TemporaryFile.create((handle) => Promise.reject(handles.push(handle) && failing));

    await expect(failed).rejects.toBe(failing);
    expect(handles.map(({ fd }) => fd)).toEqual([-1, -1]);
    await file[Symbol.asyncDispose]();
  });

  it('fails with the error of the writer, even if another process has removed the file', async () => {
    const failing = new Error('disk full');

    const creating = TemporaryFile.create(async () => {
      for (const name of temporaryFiles()) await rm(join(tmpdir(), name));
      throw failing;
    });

    await expect(creating).rejects.toBe(failing);
  });

  it('saves nothing once it is disposed of, which may happen twice', async () => {
    const file = await TemporaryFile.create(() => Promise.resolve(0));
    await file[Symbol.asyncDispose]();
    await file[Symbol.asyncDispose]();

    const error = await failureOf(WxPayInputError, file.saveTo('unused'));

    expect(error).toMatchObject({ field: 'file', message: expect.stringContaining('was disposed of') });
  });

  it('saves a copy until then', async () => {
    const to = join(tmpdir(), `saved-by-spool-${process.pid}`);
    const file = await TemporaryFile.create(async (handle) => (await handle.write(CONTENT)).bytesWritten);
    await file.saveTo(to);
    await file[Symbol.asyncDispose]();

    const copy = await TemporaryFile.prototype.read.call({ path: to });

    expect([copy, file.size]).toEqual([CONTENT, CONTENT.length]);
    await rm(to);
  });
});
