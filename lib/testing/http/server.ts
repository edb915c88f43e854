import { once, setMaxListeners } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { types } from 'node:util';
import { emptyReply, type ReceivedRequest, type Reply } from './exchange.js';
import { reset, sendReply } from './send-reply.js';

/** Certificate and its key, in PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
  /** CA whose client certificates are accepted, in PEM. If absent, none is requested. */
  readonly clientCa?: string;
}

/** Address, TLS and handler of the server. */
export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsIdentity;
  readonly delayMs: () => number;
  readonly replyTo: (request: ReceivedRequest) => Promise<Reply>;
}

const MAX_BODY_BYTES = 1024 * 1024;
// The real service was seen to drop idle connections after about 8 s.
const KEEP_ALIVE_MS = 8_000;

/** HTTP server that sends replies as specified, including cut connections and slow bodies. */
export class MockServer {
  readonly #server: http.Server | https.Server;
  readonly #options: ServerOptions;
  readonly #stopping = new AbortController();
  readonly #sockets = new Set<Socket>();
  #port: number;
  #stopped?: Promise<void>;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#port = options.port;
    // Every delayed reply listens to this signal, so any number of listeners is expected.
    setMaxListeners(0, this.#stopping.signal);
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response);
    this.#server = options.tls
      ? https.createServer({ ...tlsOptions(options.tls), keepAliveTimeout: KEEP_ALIVE_MS }, serve)
      : http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, serve);
    // Track sockets here: `closeAllConnections()` misses those in a TLS handshake.
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /**
   * Starts listening; after {@link goDown}, on the same port.
   *
   * @returns the origin of the server
   */
  async listen(): Promise<string> {
    if (this.#stopped) throw new Error('The mock gateway was stopped for good. Start another one.');
    const { host, tls } = this.#options;
    if (!this.#server.listening) {
      const listening = once(this.#server, 'listening');
      this.#server.listen(this.#port, host);
      await listening;
    }
    // Sound: a listening TCP server has an address.
    const { address, family, port } = this.#server.address() as AddressInfo;
    this.#port = port;
    return `${tls ? 'https' : 'http'}://${reachableHost(address, family)}:${port}`;
  }

  /** Stops listening and breaks every connection, answered or not. */
  goDown(): Promise<void> {
    return this.#close(reset);
  }

  /** Stops permanently: drops every connection and discards delayed replies. */
  stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopped ??= this.#close((socket) => socket.destroy());
    return this.#stopped;
  }

  async #close(drop: (socket: Socket) => void): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) drop(socket);
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await sendReply(response, await this.#readAndReply(request));
    } catch (error) {
      if (this.#stopping.signal.aborted || response.socket?.destroyed !== false) return;
      // A mistake in a script or in the gateway: report it in the reply, where the developer sees it.
      const text = `The mock gateway failed: ${types.isNativeError(error) ? error.message : String(error)}`;
      const headers = {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Length': Buffer.byteLength(text),
      };
      response.writeHead(500, headers).end(text);
    }
  }

  async #readAndReply(request: IncomingMessage): Promise<Reply> {
    const body = await readBody(request);
    if (body === undefined) return { headers: {}, ...emptyReply(413) };
    const { method = '', url = '', headers, rawHeaders } = request;
    const hasClientCertificate = request.socket instanceof TLSSocket && request.socket.authorized;
    const reply = await this.#options.replyTo({
      method,
      target: url,
      headers,
      rawHeaders,
      body,
      hasClientCertificate,
    });
    const delayMs = this.#options.delayMs() + (reply.delayMs ?? 0);
    if (delayMs > 0) await delay(delayMs, undefined, { signal: this.#stopping.signal });
    return reply;
  }
}

function tlsOptions({ cert, key, clientCa }: TlsIdentity): https.ServerOptions {
  if (clientCa === undefined) return { cert, key };
  // Only some endpoints require a client certificate; they reject requests themselves.
  return { cert, key, ca: clientCa, requestCert: true, rejectUnauthorized: false };
}

/**
 * Reads the body of a request.
 *
 * @returns undefined if it exceeds the limit
 */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request
      .on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        // Keep reading: stopping would cut the connection before the reply.
        if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      })
      .on('end', () => resolve(bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined))
      .on('error', reject);
  });
}

function reachableHost(address: string, family: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return family === 'IPv6' ? `[${address}]` : address;
}
