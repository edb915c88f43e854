import type { AxiosHeaders, AxiosPromise, InternalAxiosRequestConfig, RawAxiosHeaders } from 'axios';
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { decompress } from './decompress.js';
import { tooLarge } from './failures.js';

/** What this adapter honours beside the members of axios. */
export interface LeanConfig extends InternalAxiosRequestConfig {
  /** Called once the connection stands: from then on the host may have the request. */
  readonly onSent?: () => void;
}

/**
 * Sends a request of axios over a keep-alive agent, and does no more than this package asks of axios: bodies are bytes,
 * redirects are not followed, no proxy is used. The stock adapter, which can do all of that, takes several times as long.
 *
 * It honours `url`, `method`, `headers`, `data`, `signal`, `maxContentLength`, `httpAgent`, `httpsAgent` and `onSent`; the time limit
 * of a call comes with its signal.
 */
export function leanAdapter(config: InternalAxiosRequestConfig): AxiosPromise<Buffer> {
  return new Promise((resolve, reject) => {
    const {
      url = '',
      method,
      headers,
      data,
      signal,
      maxContentLength,
      httpAgent,
      httpsAgent,
      onSent,
    }: LeanConfig = config;
    const isSecure = url.startsWith('https:');
    const request = (isSecure ? https : http).request(url, {
      agent: isSecure ? httpsAgent : httpAgent,
      method,
      // A reply is a kilobyte or two: to unpack it costs more than it saves, and takes a place in the thread pool.
      headers: { 'Accept-Encoding': 'identity', ...headers.toJSON(), ...lengthOf(data) },
    });
    // Whoever sees a `response` in the error knows that an answer had begun.
    let response: IncomingMessage | undefined;
    // What is written before the connection stands waits in this process, and ends with it.
    let isUnsent = true;
    const sent = (): void => {
      isUnsent = false;
      onSent?.();
    };
    const fail = (error: Error): void => reject(Object.assign(error, { request, response, isUnsent }));
    // The signal is that of the attempt, and ends with it.
    signal?.addEventListener?.('abort', () => void request.destroy());
    const answer = async (incoming: IncomingMessage, received: Promise<Buffer>): Promise<void> => {
      const body = await received;
      const { statusCode: status = 0, statusMessage: statusText = '' } = incoming;
      // Made here, as axios would make them twice. Sound: these are of the very copy of axios that asks, of which an app
      // may have two, and a header that is there has a value.
      const Headers = headers.constructor as typeof AxiosHeaders;
      const answered = Headers.from(incoming.headers as RawAxiosHeaders);
      resolve({ status, statusText, headers: answered, config, request, data: body });
    };
    request
      .on('error', fail)
      .on('socket', (socket) => {
        if (socket.connecting) socket.once(isSecure ? 'secureConnect' : 'connect', sent);
        else if (!socket.destroyed) sent();
      })
      .on('response', (incoming) => {
        response = incoming;
        answer(incoming, bytesOf(incoming, maxContentLength)).catch(fail);
      })
      // Node tells of a reply that changes the protocol here and nowhere else, and leaves the connection to us.
      .on('upgrade', (incoming, socket) => {
        socket.destroy();
        answer(incoming, Promise.resolve(Buffer.alloc(0))).catch(fail);
      })
      .end(data);
  });
}

/** Node leaves the length of a DELETE out: the host would take its body for the beginning of the next request. */
function lengthOf(data: unknown): OutgoingHttpHeaders {
  return Buffer.isBuffer(data) ? { 'Content-Length': data.length } : {};
}

async function bytesOf(response: IncomingMessage, maxBytes = Infinity): Promise<Buffer> {
  const received = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response
      .on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > maxBytes) response.destroy(tooLarge(maxBytes));
      })
      .on('error', reject)
      .on('end', () => resolve(Buffer.concat(chunks)));
    // One that says so itself is not waited for.
    if (Number(response.headers['content-length']) > maxBytes) response.destroy(tooLarge(maxBytes));
  });
  return decompress(received, response.headers['content-encoding'], maxBytes);
}
