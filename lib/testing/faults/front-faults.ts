import { promisify } from 'node:util';
import { brotliCompress, deflate, gzip } from 'node:zlib';
import type { MockEncoding, MockFault } from './behaviour.js';
import { emptyAnswer, type Answer, type CutConnection, type Reply } from '../http/exchange.js';

/** What goes wrong before or behind the API: a page of a front server, a connection that breaks. */
export interface FrontEffect {
  /** Answered in place of handling the request; never signed. */
  readonly instead?: Answer;
  readonly onReply?: (reply: Reply) => Reply | Promise<Reply>;
}

/** Whose orders the fault `other-merchant` tells. */
export const OTHER_MERCHANT = '1999999999';

/** How long a reply of the fault `oversize` is. */
export const OVERSIZE_BYTES = 2 * 1024 * 1024;

/** How long a reply of the fault `bomb` is, expanded. */
export const BOMB_BYTES = 16 * 1024 * 1024;

const COMPRESS: Readonly<Record<MockEncoding, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: promisify<Buffer, Buffer>(gzip),
  deflate: promisify<Buffer, Buffer>(deflate),
  br: promisify<Buffer, Buffer>(brotliCompress),
};

const HTML =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n';

/** @returns undefined for a fault of the API itself */
export function frontEffectOf(fault: MockFault): FrontEffect | undefined {
  switch (fault.fault) {
    case 'html':
      return { instead: page(fault.status ?? 502, HTML) };
    case 'redirect':
      return { instead: redirectTo(fault.location ?? '/redirected') };
    case 'bomb':
      return { onReply: (reply) => compressed(reply, fault.encoding ?? 'gzip') };
    case 'drip':
      return { onReply: (reply) => ({ ...reply, dripMs: fault.everyMs ?? 1000 }) };
    case 'reset-mid-body':
      return cutting(fault.fault);
    case 'hang':
    case 'reset':
    case 'close':
      return {
        ...cutting(fault.fault),
        instead: fault.handled === false ? { ...emptyAnswer(204), signed: false } : undefined,
      };
    default:
      return undefined;
  }
}

/** A page such as front servers send. */
export function page(status: number, html: string): Answer {
  return { status, headers: { 'Content-Type': 'text/html' }, body: Buffer.from(html), signed: false };
}

function redirectTo(location: string): Answer {
  return { ...emptyAnswer(302), headers: { Location: location }, signed: false };
}

function cutting(cut: CutConnection): FrontEffect {
  return { onReply: (reply) => ({ ...reply, cut }) };
}

async function compressed(reply: Reply, encoding: MockEncoding): Promise<Reply> {
  const headers = { ...reply.headers, 'Content-Encoding': encoding };
  return { ...reply, headers, body: await COMPRESS[encoding](reply.body) };
}

/** A fault that the API asked cannot have. */
export function noFaultOf(api: 'APIv2' | 'APIv3', { fault }: { readonly fault: string }): never {
  throw new Error(`${api} has no fault "${fault}". docs/testing.md lists the faults of each API.`);
}
