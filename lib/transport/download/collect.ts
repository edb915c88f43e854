import type { Readable } from 'node:stream';
import { SpoolError } from './spool.js';

/**
 * Collects a short body in memory.
 *
 * @throws {SpoolError} `too-large` or `broken`
 */
export async function collect(body: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += (chunk as Buffer).length;
      if (size > maxBytes) throw new SpoolError('too-large');
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error instanceof SpoolError ? error : new SpoolError('broken', error);
  }
  return Buffer.concat(chunks);
}
