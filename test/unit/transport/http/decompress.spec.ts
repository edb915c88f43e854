import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { decompress, decompressed } from '../../../../lib/transport/http/decompress.js';

const BODY = Buffer.from('交易时间,商户号');

describe('decompress', () => {
  it('decompresses under a limit that is larger than any buffer', async () => {
    const unpacked = await decompress(gzipSync('paid'), 'gzip', Number.MAX_SAFE_INTEGER);

    expect(unpacked.toString()).toBe('paid');
  });
});

describe.each<[string, (body: Buffer, encoding: string) => Promise<Buffer>]>([
  ['decompress', (body, encoding) => decompress(body, encoding, 1_000)],
  ['decompressed', (body, encoding) => buffer(decompressed(Readable.from([body]), encoding))],
])('%s', (_, unpack) => {
  it.each([
    ['gzip', gzipSync(BODY)],
    ['x-gzip', gzipSync(BODY)],
    ['X-GZIP', gzipSync(BODY)],
    ['deflate', deflateSync(BODY)],
    ['br', brotliCompressSync(BODY)],
    ['unheard-of', BODY],
  ])('undoes the encoding %s', async (encoding, packed) => {
    expect(await unpack(packed, encoding)).toEqual(BODY);
  });
});

describe('decompressed', () => {
  it('returns a body without an encoding as it is', () => {
    const body = Readable.from([BODY]);

    expect(decompressed(body, undefined)).toBe(body);
  });
});
