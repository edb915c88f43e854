import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { types } from 'node:util';
import type { ReplyHeaders } from '../http/exchange.js';
import type { MockNotificationFault } from './notification-fault.js';

/** Notification to send. */
export interface OutgoingNotification {
  readonly headers: ReplyHeaders;
  readonly body: Buffer;
}

/** Creates a notification; every call creates one of the same event, with a new signature. */
export type Compose = (fault?: MockNotificationFault) => Promise<OutgoingNotification>;

/** Answer of the app, or the reason why there was none. */
export type PostResult =
  | { readonly status: number; readonly body: string }
  | { readonly status?: undefined; readonly problem: string };

/** Posts a notification on a new connection; follows no redirect. @throws {TypeError} if the URL is invalid */
export async function post(
  url: string,
  { headers, body }: OutgoingNotification,
  { ca, timeoutMs = 5000 }: { readonly ca?: string; readonly timeoutMs?: number },
): Promise<PostResult> {
  const target = new URL(url);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = {
        method: 'POST',
        headers: { ...headers, 'User-Agent': 'Mozilla/4.0', Accept: '*/*', 'Content-Length': body.length },
        agent: false,
        ca,
        signal,
      };
      const { request } = target.protocol === 'https:' ? https : http;
      request(target, options, resolve).once('error', reject).end(body);
    });
    return { status: response.statusCode ?? 0, body: await text(response) };
  } catch (error) {
    if (signal.aborted) return { problem: `There was no answer within ${timeoutMs} ms.` };
    return { problem: types.isNativeError(error) ? error.message : String(error) };
  }
}
