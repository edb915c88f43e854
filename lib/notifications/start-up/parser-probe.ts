import { Readable } from 'node:stream';
import { firstValueFrom, from, of, timeout } from 'rxjs';
import { keptBody, type NotificationRequest } from '../raw-body.js';

/** Content type of the body. */
export type ProbeType = 'application/json' | 'text/xml';

/** A fake request that shows if a parser of the app keeps the raw body. */
export type Probe = Readable & NotificationRequest;

const BODIES = { 'application/json': '{}', 'text/xml': '<xml></xml>' };
/** Properties of the address. A parser that reads one may treat the requests of each route differently. */
const ADDRESS = ['url', 'originalUrl', 'baseUrl', 'path', 'query', 'params'];
const WAIT_MS = 1_000;

/** Creates a fake request with the content type and the headers of a notification, and without an address. */
export function createProbe(type: ProbeType): Probe {
  const body = Buffer.from(BODIES[type]);
  const headers = {
    'content-type': type,
    'content-length': String(body.length),
    'wechatpay-timestamp': '0',
    'wechatpay-nonce': '0',
    'wechatpay-serial': '0',
    'wechatpay-signature': '0',
  };
  const probe = Object.assign(Readable.from([body], { objectMode: false }), { method: 'POST', headers });
  for (const name of ADDRESS) {
    Object.defineProperty(probe, name, {
      get() {
        throw new Error('A probe has no address.');
      },
    });
  }
  return probe;
}

/**
 * Returns true if a parser of the app keeps the bytes of a body; undefined if a fake request cannot show it.
 *
 * @param read lets the parser read the probe; rejects if the parser fails on it
 */
export async function keeps(probe: Probe, read: () => Promise<void>): Promise<boolean | undefined> {
  try {
    const ended = from(read().then(() => true)).pipe(timeout({ first: WAIT_MS, with: () => of(false) }));
    return (await firstValueFrom(ended)) ? keptBody(probe) !== undefined : undefined;
  } catch {
    return undefined;
  }
}
