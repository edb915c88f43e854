import { once, setMaxListeners } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { types } from 'node:util';
import { emptyAnswer, type ReceivedRequest, type Reply } from './exchange.js';
import { reset, sendReply } from './send-reply.js';

/** A certificate with its key, in PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
  /** Whose client certificates to accept, in PEM; without it, none is asked for. */
  readonly clientCa?: string;
}

/** Where and how to listen. */
export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsIdentity;
  readonly delayMs: () => number;
  readonly answer: (request: ReceivedRequest) => Promise<Reply>;
}

const MAX_BODY_BYTES = 1024 * 1024;
// The real service was seen to drop idle connections after about 8 s.
const KEEP_ALIVE_MS = 8_000;

/** An HTTP server that takes requests in and sends replies out byte by byte as told, cut connections included. */
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
    // Each answer that waits listens to it, and any number may: no leak.
    setMaxListeners(0, this.#stopping.signal);
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response);
    this.#server = options.tls
      ? https.createServer({ ...tlsOptions(options.tls), keepAliveTimeout: KEEP_ALIVE_MS }, serve)
      : http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, serve);
    // closeAllConnections() would miss those that have not finished their TLS handshake.
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /**
   * Listens, again on the same port after {@link goDown}.
   *
   * @returns the origin under which it can be reached
   */
  async listen(): Promise<string> {
    if (this.#stopped) throw new Error('The mock gateway was stopped for good. Start another one.');
    const { host, tls } = this.#options;
    if (!this.#server.listening) {
      const listening = once(this.#server, 'listening');
      this.#server.listen(this.#port, host);
      await listening;
    }
    // Listening on a socket of TCP, it always has one.
    const { address, family, port } = this.#server.address() as AddressInfo;
    this.#port = port;
    return `${tls ? 'https' : 'http'}://${reachable(address, family)}:${port}`;
  }

  /** Stops listening and breaks every connection, answered or not. */
  goDown(): Promise<void> {
    return this.#close(reset);
  }

  /** Stops for good: drops every connection and gives up the answers that wait. */
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
      await sendReply(response, await this.#replyTo(request));
    } catch (error) {
      if (this.#stopping.signal.aborted || response.socket?.destroyed !== false) return;
      // A mistake in a script, or in the gateway: whoever runs the test must see which.
      const text = `The mock gateway failed: ${types.isNativeError(error) ? error.message : String(error)}`;
      const headers = {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Length': Buffer.byteLength(text),
      };
      response.writeHead(500, headers).end(text);
    }
  }

  async #replyTo(request: IncomingMessage): Promise<Reply> {
    const body = await readBody(request);
    if (body === undefined) return { headers: {}, ...emptyAnswer(413) };
    const { method = '', url = '', headers, rawHeaders } = request;
    const isCertified = request.socket instanceof TLSSocket && request.socket.authorized;
    const reply = await this.#options.answer({ method, target: url, headers, rawHeaders, body, isCertified });
    const delayMs = this.#options.delayMs() + (reply.delayMs ?? 0);
    if (delayMs > 0) await delay(delayMs, undefined, { signal: this.#stopping.signal });
    return reply;
  }
}

function tlsOptions({ cert, key, clientCa }: TlsIdentity): https.ServerOptions {
  if (clientCa === undefined) return { cert, key };
  // Only some endpoints insist on it: those refuse by themselves.
  return { cert, key, ca: clientCa, requestCert: true, rejectUnauthorized: false };
}

/** @returns undefined if there was more than anyone would send to WeChat Pay */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request
      .on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        // Reads on, as stopping here would cut the connection before the answer.
        if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      })
      .on('end', () => resolve(bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined))
      .on('error', reject);
  });
}

function reachable(address: string, family: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return family === 'IPv6' ? `[${address}]` : address;
}
