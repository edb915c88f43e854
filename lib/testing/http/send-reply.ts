import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import type { Reply } from './exchange.js';

/** Sends a reply, or cuts the connection as the reply specifies. Resolves when everything is sent. */
export async function sendReply(response: ServerResponse, reply: Reply): Promise<void> {
  const { status, headers, body, cut, dripMs } = reply;
  const { socket } = response;
  // Send nothing to a client that has disconnected; above all, do not start to drip.
  if (cut === 'hang' || socket === null || socket.destroyed) return;
  if (cut === 'close') {
    socket.end();
    return;
  }
  if (cut === 'reset') {
    reset(socket);
    return;
  }
  if (dripMs !== undefined) return drip(socket, reply, dripMs);
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (status !== 204) response.setHeader('Content-Length', body.length);
  if (cut === 'reset-mid-body') {
    response.flushHeaders();
    response.write(body.subarray(0, body.length / 2), () => reset(socket));
    return;
  }
  response.end(body);
}

/** Resets a connection. */
export function reset(socket: Socket): void {
  // Node cannot send a TCP reset beneath TLS or after it has started to close the socket: the socket would never be released.
  // Destroying it breaks the connection for the client all the same.
  if (socket instanceof TLSSocket || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** Sends the head at once and the body byte by byte; without a body, the head byte by byte. */
async function drip(socket: Socket, { status, headers, body }: Reply, everyMs: number): Promise<void> {
  const framing = status === 204 ? {} : { 'Content-Length': body.length };
  const lines = Object.entries({ ...headers, ...framing, Connection: 'close' });
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines.map((line) => line.join(': '))];
  const headBytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
  const closed = new AbortController();
  socket.once('close', () => closed.abort());
  if (body.length > 0) socket.write(headBytes);
  for (const byte of body.length > 0 ? body : headBytes) {
    await delay(everyMs, undefined, { signal: closed.signal });
    socket.write(Buffer.of(byte));
  }
  socket.end();
}
