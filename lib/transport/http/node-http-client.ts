import http, { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import https, { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { urlToHttpOptions } from 'node:url';
import { secureContextOptions, type ClientCertificate } from './client-certificate.js';
import { decompress, decompressed } from './decompress.js';
import type { AddressedRequest, Exchange, HttpClient, HttpRequest } from './http-client.js';
import type { AppAgent } from './https-agent.js';
import { replyFrom, type Reply, type StreamedReply } from './reply.js';
import { SendError, sendErrorOf } from './send-error.js';

const AGENT_OPTIONS: AgentOptions = {
  keepAlive: true,
  scheduling: 'lifo',
  // WeChat Pay drops idle connections at about 8 s; a socket closed by us first is never found dead by a request.
  timeout: 7_000,
};

export interface NodeHttpClientOptions {
  /** The largest number of connections to each host. */
  readonly maxSockets: number;
  /** Presented to hosts that ask for a client certificate. */
  readonly clientCertificate?: ClientCertificate;
  /** Agent of the app for https, used instead of our own; the app closes it. */
  readonly httpsAgent?: AppAgent;
}

const EMPTY = Buffer.alloc(0);

/** Makes replies of messages. */
interface Reading<T> {
  readonly read: (incoming: IncomingMessage) => T | Promise<T>;
  /** Reads a message that changes the protocol and has no body. */
  readonly readUpgrade: (incoming: IncomingMessage) => T;
}

type Address = Pick<https.RequestOptions, 'protocol' | 'hostname' | 'port'>;

/**
 * Sends requests with `node:https` over keep-alive agents that nothing else shares, or over an agent of the app. No proxy of
 * the environment is used, and no default that an app sets on a global agent or client applies.
 */
export class NodeHttpClient implements HttpClient {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpAgent;
  readonly #ownAgents: readonly HttpAgent[];
  /** TLS options of each request over an agent of the app, unused over http; our own agent has them already. */
  readonly #tls: https.RequestOptions | undefined;
  readonly #addresses = new Map<string, Address>();

  constructor({ maxSockets, clientCertificate, httpsAgent }: NodeHttpClientOptions) {
    const agentOptions = { ...AGENT_OPTIONS, maxSockets };
    const tls = {
      // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED cannot turn it off.
      rejectUnauthorized: true,
      ...(clientCertificate && secureContextOptions(clientCertificate)),
    };
    this.httpAgent = new HttpAgent(agentOptions);
    const ownAgent = new HttpsAgent({ ...agentOptions, ...tls });
    // Sound: the option was checked to be an agent that `https.request` accepts.
    this.httpsAgent = (httpsAgent as HttpAgent | undefined) ?? ownAgent;
    this.#ownAgents = [this.httpAgent, ownAgent];
    this.#tls = httpsAgent === undefined ? undefined : tls;
  }

  send(request: HttpRequest, exchange: Exchange): Promise<Reply> {
    return this.#exchange(request, exchange, {
      read: (incoming) => receive(incoming, request.maxReplyBytes),
      readUpgrade: (incoming) => replyFrom(incoming, EMPTY),
    });
  }

  open(request: AddressedRequest, exchange: Exchange): Promise<StreamedReply> {
    return this.#exchange(request, exchange, {
      read: (incoming) => replyFrom(incoming, decompressed(incoming, incoming.headers['content-encoding'])),
      readUpgrade: (incoming) => replyFrom(incoming, Readable.from([])),
    });
  }

  #exchange<T>(
    { host, method, path, headers, body }: AddressedRequest,
    exchange: Exchange,
    { read, readUpgrade }: Reading<T>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const { protocol, hostname, port } = this.#addressOf(host);
      const isSecure = protocol === 'https:';
      const bytes = bytesOf(body);
      const options: https.RequestOptions = {
        protocol,
        hostname,
        port,
        agent: isSecure ? this.httpsAgent : this.httpAgent,
        method,
        path,
        headers,
        ...this.#tls,
      };
      const request = (isSecure ? https : http).request(options);
      // A reply has a kilobyte or two: decompressing it costs more than it saves, and takes time of the thread pool.
      request.setHeader('Accept-Encoding', 'identity');
      // Node sends no Content-Length with a DELETE: the host would read its body as the next request.
      if (bytes !== undefined) request.setHeader('Content-Length', bytes.length);
      const fail = (error: unknown): void =>
        reject(error instanceof SendError ? error : sendErrorOf(error, request));
      const sent = (): void => exchange.sent();
      exchange.onAbort(() => void request.destroy());
      request
        .on('error', fail)
        .on('socket', (socket) => {
          // Until the connection is made, the request waits in this process, and nothing of it is sent.
          if (isConnecting(socket)) socket.once(isSecure ? 'secureConnect' : 'connect', sent);
          else if (!socket.destroyed) sent();
        })
        .on('response', (incoming) => {
          Promise.resolve(read(incoming)).then(resolve, fail);
        })
        // Node reports a reply with status 101 only here, and leaves its connection to this listener.
        .on('upgrade', (incoming, socket) => {
          socket.destroy();
          resolve(readUpgrade(incoming));
        })
        .end(bytes);
    });
  }

  close(): void {
    for (const agent of this.#ownAgents) {
      // Calls may still be on their way, or begin after this: their connections are not cut, and not kept either.
      Object.assign(agent, { keepAlive: false });
      for (const idle of Object.values(agent.freeSockets).flat()) idle?.destroy();
    }
  }

  #addressOf(host: string): Address {
    const known = this.#addresses.get(host);
    if (known !== undefined) return known;
    const { protocol, hostname, port } = urlToHttpOptions(new URL(host));
    const address = { protocol, hostname, port };
    this.#addresses.set(host, address);
    return address;
  }
}

function bytesOf(body: string | Uint8Array): Uint8Array | undefined {
  if (body.length === 0) return undefined;
  return typeof body === 'string' ? Buffer.from(body) : body;
}

/**
 * Tells if nothing can have been sent yet. Through a proxy, a socket is connected before its TLS handshake; Node sets
 * `secureConnecting` until that is done.
 */
function isConnecting(socket: Socket & { readonly secureConnecting?: boolean }): boolean {
  return socket.connecting || socket.secureConnecting === true;
}

/** Collects the body. @throws {SendError} as soon as it is larger than accepted */
function receive(incoming: IncomingMessage, maxBytes: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming
      .on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > maxBytes) incoming.destroy(new SendError('too-large'));
      })
      .on('error', reject)
      .on('end', () => {
        const [first = EMPTY] = chunks;
        const body = chunks.length > 1 ? Buffer.concat(chunks) : first;
        const { 'content-encoding': encoding } = incoming.headers;
        if (encoding === undefined) resolve(replyFrom(incoming, body));
        else {
          decompress(body, encoding, maxBytes).then((plain) => resolve(replyFrom(incoming, plain)), reject);
        }
      });
    // A reply that announces too large a size is not awaited.
    if (Number(incoming.headers['content-length']) > maxBytes) incoming.destroy(new SendError('too-large'));
  });
}
