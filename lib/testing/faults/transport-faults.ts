import { promisify } from 'node:util';
import { brotliCompress, deflate, gzip } from 'node:zlib';
import type { MockEncoding, MockFault } from './behaviour.js';
import { emptyReply, type DraftReply, type CutConnection, type Reply } from '../http/exchange.js';

/** Effect of a fault outside of the API: a proxy's page, a broken connection. */
export interface TransportEffect {
  /** Sent instead of processing the request; never signed. */
  readonly replacement?: DraftReply;
  readonly onReply?: (reply: Reply) => Reply | Promise<Reply>;
}

/** Merchant number in replies with the fault `other-merchant`. */
export const OTHER_MERCHANT = '1999999999';

/** Default size of a reply with the fault `oversize`, in bytes. */
export const OVERSIZE_BYTES = 2 * 1024 * 1024;

/** Default size of an expanded reply with the fault `bomb`, in bytes. */
export const BOMB_BYTES = 16 * 1024 * 1024;

const COMPRESS: Readonly<Record<MockEncoding, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: promisify<Buffer, Buffer>(gzip),
  deflate: promisify<Buffer, Buffer>(deflate),
  br: promisify<Buffer, Buffer>(brotliCompress),
};

const HTML =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n';

/**
 * Returns the effect of a transport fault.
 *
 * @returns undefined for a fault of the API itself
 */
export function transportEffectOf(fault: MockFault): TransportEffect | undefined {
  switch (fault.fault) {
    case 'html':
      return { replacement: htmlReply(fault.status ?? 502, HTML) };
    case 'redirect':
      return { replacement: redirectTo(fault.location ?? '/redirected') };
    case 'bomb':
      return { onReply: (reply) => compressReply(reply, fault.encoding ?? 'gzip') };
    case 'drip':
      return { onReply: (reply) => ({ ...reply, dripMs: fault.everyMs ?? 1000 }) };
    case 'reset-mid-body':
      return cutConnection(fault.fault);
    case 'hang':
    case 'reset':
    case 'close':
      return {
        ...cutConnection(fault.fault),
        replacement: fault.handled === false ? { ...emptyReply(204), signed: false } : undefined,
      };
    default:
      return undefined;
  }
}

/** Creates an HTML page as proxies send it. */
export function htmlReply(status: number, html: string): DraftReply {
  return { status, headers: { 'Content-Type': 'text/html' }, body: Buffer.from(html), signed: false };
}

function redirectTo(location: string): DraftReply {
  return { ...emptyReply(302), headers: { Location: location }, signed: false };
}

function cutConnection(cut: CutConnection): TransportEffect {
  return { onReply: (reply) => ({ ...reply, cut }) };
}

async function compressReply(reply: Reply, encoding: MockEncoding): Promise<Reply> {
  const headers = { ...reply.headers, 'Content-Encoding': encoding };
  return { ...reply, headers, body: await COMPRESS[encoding](reply.body) };
}

/** Rejects a fault that the API does not support. */
export function unknownFault(api: 'APIv2' | 'APIv3', { fault }: { readonly fault: string }): never {
  throw new Error(`${api} has no fault "${fault}". docs/testing.md lists the faults of each API.`);
}
