import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { decompress } from '../../../../lib/transport/http/decompress.js';

describe('decompress', () => {
  it('decompresses under a limit that is larger than any buffer', async () => {
    const unpacked = await decompress(gzipSync('paid'), 'gzip', Number.MAX_SAFE_INTEGER);

    expect(unpacked.toString()).toBe('paid');
  });
});
