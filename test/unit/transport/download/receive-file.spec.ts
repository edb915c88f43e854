import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { WxPayProtocolError } from '../../../../lib/errors/wxpay-protocol-error.js';
import { WxPayTransportError } from '../../../../lib/errors/wxpay-transport-error.js';
import { failoverDefaults } from '../../../../lib/transport/defaults.js';
import { downloadFailed } from '../../../../lib/transport/download/download-failed.js';
import { receiveFile, receiveShort } from '../../../../lib/transport/download/receive-file.js';
import { SpoolError, type SpoolFault } from '../../../../lib/transport/download/spool.js';
import type { StreamedReply } from '../../../../lib/transport/http/reply.js';
import { NodeHttpClient } from '../../../../lib/transport/http/node-http-client.js';
import type { Attempt } from '../../../../lib/transport/retry/attempt.js';
import { HostHealth } from '../../../../lib/transport/retry/host-health.js';
import { Transport } from '../../../../lib/transport/transport.js';
import { CALL } from '../../../support/harness/steps.js';

const HOST = 'https://main';
const reset = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const replyOf = (...chunks: unknown[]): StreamedReply => ({
  status: 200,
  headers: new Map([['request-id', 'R1']]),
  body: Readable.from(chunks),
});
const broken = (): StreamedReply => {
  const body = new Readable({ read: () => void body.destroy(reset()) });
  return { ...replyOf(), body };
};

/** Runs a call of up to three attempts, and counts them. */
async function call<T>(work: (attempt: Attempt, count: number) => Promise<T>) {
  let attempts = 0;
  const transport = new Transport({
    api: 'v3',
    httpClient: new NodeHttpClient({ maxSockets: 1 }),
    hosts: [HOST, 'https://backup'],
    health: new HostHealth(),
    timeoutMs: 5_000,
    ...failoverDefaults(5_000),
    maxAttempts: 3,
    maxInFlight: 1,
    maxReplyBytes: 1_000,
    userAgent: 'test',
  });
  const result: unknown = await transport
    .run(CALL, { effect: 'none', anyReply: true }, (attempt) => work(attempt, ++attempts))
    .catch((error: unknown) => error);
  return { result, attempts };
}

const TERMS = { maxBytes: 100, gunzip: true, sha1: '0'.repeat(40) };
const FAULTS: readonly [SpoolFault, () => StreamedReply, number, RegExp][] = [
  ['broken', broken, 3, /did not arrive in full/],
  ['too-large', () => replyOf(Buffer.alloc(101)), 2, /is larger than allowed/],
  ['not-gzip', () => replyOf(gzipSync('bill').subarray(0, -9)), 2, /cannot be decompressed/],
  ['wrong-hash', () => replyOf(Buffer.from('bill')), 2, /does not have the SHA-1/],
  // The file system rejects this value, as it rejects bytes when the disk is full.
  ['disk', () => replyOf(Buffer.of(1, 2), 5), 1, /could not be written/],
];

describe('receiveFile', () => {
  it.each(FAULTS)(
    'after the fault %s, retries as far as that may help',
    async (fault, reply, expected, message) => {
      const terms = fault === 'disk' ? { maxBytes: 100, gunzip: false } : TERMS;

      const { result, attempts } = await call((attempt) => receiveFile(reply(), terms, attempt));

      expect((result as Error).message).toMatch(message);
      expect(attempts).toBe(expected);
    },
  );

  it.each(FAULTS.filter(([fault]) => fault === 'not-gzip' || fault === 'wrong-hash'))(
    'reports the fault %s rather than a connection that broke later',
    async (_, reply) => {
      const { result } = await call((attempt, count) =>
        receiveFile(count === 1 ? reply() : broken(), TERMS, attempt),
      );

      expect(result).toBeInstanceOf(WxPayProtocolError);
    },
  );
});

describe('receiveShort', () => {
  it('returns the reply with its whole body, up to 64 KiB', async () => {
    const chunks = [Buffer.alloc(65_530, 1), Buffer.alloc(6, 2)];

    const { result } = await call((attempt) => receiveShort(replyOf(...chunks), attempt));

    const { status, headers } = replyOf();
    expect(result).toEqual({ status, headers, body: Buffer.concat(chunks) });
  });

  it.each<[string, () => StreamedReply, RegExp, number]>([
    ['a larger body', () => replyOf(Buffer.alloc(65_530), Buffer.alloc(7)), /larger than allowed/, 2],
    ['a connection that breaks', broken, /connection to main broke \(socket hang up\)/, 3],
  ])('fails after %s', async (_, reply, message, expected) => {
    const { result, attempts } = await call((attempt) => receiveShort(reply(), attempt));

    expect((result as Error).message).toMatch(message);
    expect(attempts).toBe(expected);
  });
});

describe('downloadFailed', () => {
  const file = 'The file of order.query of order T1';
  const wire = { merchant: 'default', hosts: ['main'], attempts: 1 };

  it.each<[SpoolFault, new (...args: never[]) => Error, string, object]>([
    [
      'broken',
      WxPayTransportError,
      `${file} did not arrive in full: the connection to main broke (socket hang up).`,
      { ...wire, retryable: true, cause: { code: 'ECONNRESET' } },
    ],
    [
      'too-large',
      WxPayTransportError,
      `${file} is larger than allowed, so it was dropped. Check which server replies at main; maxBytes sets the limit.`,
      { ...wire, retryable: false },
    ],
    [
      'not-gzip',
      WxPayProtocolError,
      `${file} is damaged: it cannot be decompressed. Download it again.`,
      { merchant: 'default', path: '$' },
    ],
    [
      'wrong-hash',
      WxPayProtocolError,
      `${file} does not have the SHA-1 that WeChat Pay promised, so nothing of it was used.`,
      { merchant: 'default', path: '$' },
    ],
    [
      'disk',
      WxPayTransportError,
      `${file} could not be written to the temporary folder (socket hang up). Check its space and its permissions.`,
      { merchant: 'default', hosts: [], attempts: 0, retryable: false, cause: { code: 'ECONNRESET' } },
    ],
  ])('creates the error of the fault %s', (fault, type, message, fields) => {
    const error = downloadFailed(CALL, HOST, new SpoolError(fault, reset()));

    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain(message);
    expect(error).toMatchObject(fields);
  });
});
