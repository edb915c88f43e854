import http, { Agent as HttpAgent, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https, { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { secureContextOptions, type ClientCertificate } from './client-certificate.js';
import { decompress } from './decompress.js';
import type { Exchange, HttpClient, HttpRequest } from './http-client.js';
import { replyFrom, type Reply } from './reply.js';
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
}

type Address = Pick<https.RequestOptions, 'protocol' | 'hostname' | 'port'>;

/**
 * Sends requests with `node:https` over keep-alive agents that nothing else shares. No proxy of the environment is used, and
 * no default that an app sets on a global agent or client applies.
 */
export class NodeHttpClient implements HttpClient {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  readonly #addresses = new Map<string, Address>();

  constructor({ maxSockets, clientCertificate }: NodeHttpClientOptions) {
    const agentOptions = { ...AGENT_OPTIONS, maxSockets };
    this.httpAgent = new HttpAgent(agentOptions);
    this.httpsAgent = new HttpsAgent({
      ...agentOptions,
      // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED cannot say otherwise.
      rejectUnauthorized: true,
      ...(clientCertificate && secureContextOptions(clientCertificate)),
    });
  }

  send(
    { host, method, path, headers, body, maxReplyBytes }: HttpRequest,
    exchange: Exchange,
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const address = this.#addressOf(host);
      const isSecure = address.protocol === 'https:';
      const bytes = body === '' ? undefined : Buffer.from(body);
      const request = (isSecure ? https : http).request({
        ...address,
        agent: isSecure ? this.httpsAgent : this.httpAgent,
        method,
        path,
        headers: headersOf(headers, bytes),
      });
      const fail = (error: unknown): void =>
        reject(error instanceof SendError ? error : sendErrorOf(error, request));
      const sent = (): void => exchange.sent();
      exchange.onAbort(() => void request.destroy());
      request
        .on('error', fail)
        .on('socket', (socket) => {
          // A request that is written before the connection is made waits in this process, and ends with it.
          if (socket.connecting) socket.once(isSecure ? 'secureConnect' : 'connect', sent);
          else if (!socket.destroyed) sent();
        })
        .on('response', (incoming) => {
          receive(incoming, maxReplyBytes).then(resolve, fail);
        })
        // Node tells of a reply that changes the protocol here and nowhere else, and leaves the connection to us.
        .on('upgrade', (incoming, socket) => {
          socket.destroy();
          resolve(replyFrom(incoming, Buffer.alloc(0)));
        })
        .end(bytes);
    });
  }

  close(): void {
    for (const agent of [this.httpAgent, this.httpsAgent]) {
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

function headersOf(headers: Readonly<Record<string, string>>, body: Buffer | undefined): OutgoingHttpHeaders {
  return {
    // A reply is a kilobyte or two: to unpack it costs more than it saves, and takes a place in the thread pool.
    'Accept-Encoding': 'identity',
    ...headers,
    // Node leaves the length of a DELETE out: the host would take its body for the beginning of the next request.
    ...(body && { 'Content-Length': body.length }),
  };
}

async function receive(incoming: IncomingMessage, maxBytes: number): Promise<Reply> {
  const received = await bytesOf(incoming, maxBytes);
  const encoding = incoming.headers['content-encoding'];
  return replyFrom(
    incoming,
    encoding === undefined ? received : await decompress(received, encoding, maxBytes),
  );
}

function bytesOf(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming
      .on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > maxBytes) incoming.destroy(new SendError('too-large'));
      })
      .on('error', reject)
      .on('end', () => resolve(Buffer.concat(chunks)));
    // A reply that announces its size is not waited for.
    if (Number(incoming.headers['content-length']) > maxBytes) incoming.destroy(new SendError('too-large'));
  });
}
