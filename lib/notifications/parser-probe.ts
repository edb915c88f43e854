import { Readable } from 'node:stream';
import { firstValueFrom, from, of, timeout } from 'rxjs';
import { keptBody, type NotificationRequest } from './raw-body.js';

/** The content type of what is read. */
export type ProbeType = 'application/json' | 'text/xml';

/** A request that was never sent, to see what a parser of the app keeps of it. */
export type Probe = Readable & NotificationRequest;

const BODIES = { 'application/json': '{}', 'text/xml': '<xml></xml>' };
/** A parser that looks at one of these may treat the requests of a route in another way. */
const ADDRESS = ['url', 'originalUrl', 'baseUrl', 'path', 'query', 'params'];
const WAIT_MS = 1_000;

/** Makes a request with the content type and the headers of a notification, and with no address. */
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
 * Tells whether a parser of the app keeps the bytes of a body.
 *
 * @param read lets the parser read the probe; rejects if the parser cannot be judged by one
 * @returns undefined if nobody can know
 */
export async function keeps(probe: Probe, read: () => Promise<void>): Promise<boolean | undefined> {
  try {
    const ended = from(read().then(() => true)).pipe(timeout({ first: WAIT_MS, with: () => of(false) }));
    return (await firstValueFrom(ended)) ? keptBody(probe) !== undefined : undefined;
  } catch {
    return undefined;
  }
}
