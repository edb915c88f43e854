import { describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { WxPayTransportError } from 'nestjs-wxpay';
import type { WireRequest } from '../../../lib/transport/http/http-client.js';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { exchange } from '../../support/harness/exchange.js';
import { HTTP_CLIENTS } from '../../support/harness/http-clients.js';
import { GET, MAX_BYTES, useWire } from '../../support/harness/wire.js';

const BODY = Buffer.from('{"trade_state_desc":"支付成功"}');
const POST: WireRequest = { method: 'POST', path: '/v3/orders/A1/close', body: '{"mchid":"商户"}' };
const DELETE: WireRequest = { ...POST, method: 'DELETE' };

describe.each(HTTP_CLIENTS)('an exchange over %s', (_, createClient) => {
  const wire = useWire(createClient);
  const { send } = wire;
  const broken = (sent: Promise<unknown>) => failureOf(WxPayTransportError, sent);

  it.each([GET, POST, DELETE])('sends the signed bytes unchanged: $method', async (request) => {
    const received: unknown[] = [];
    wire.server.answer((response, incoming) => {
      const { method, url, headers } = incoming;
      const { accept, 'user-agent': agent, 'content-length': length, 'transfer-encoding': coding } = headers;
      received.push({ method, url, accept, agent, length, coding });
      void text(incoming).then((body) => received.push(body) && response.end());
    });

    await send(request);

    expect(received).toEqual([
      {
        method: request.method,
        url: request.path,
        accept: 'a/b',
        agent: 'test',
        length: request.body === '' ? undefined : String(Buffer.byteLength(request.body)),
        coding: undefined,
      },
      request.body,
    ]);
  });

  it.each([200, 204, 302, 404, 503])('returns HTTP %d with its headers and its bytes', async (status) => {
    const before = wire.server.requests;
    const body = status === 204 ? Buffer.alloc(0) : BODY;
    wire.server.answer((response) =>
      response.writeHead(status, { 'Request-ID': 'R1', Location: '/else' }).end(body),
    );

    const reply = await send();

    expect(reply).toMatchObject({ status, body });
    expect(reply.headers.get('request-id')).toBe('R1');
    expect(wire.server.requests).toBe(before + 1);
  });

  it('joins the parts of a reply', async () => {
    wire.server.answer((response) =>
      response.write(BODY.subarray(0, 9), () => setImmediate(() => response.end(BODY.subarray(9)))),
    );

    await expect(send()).resolves.toMatchObject({ body: BODY });
  });

  it('waits for the reply after early hints', async () => {
    wire.server.answer((response) => {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.end(BODY);
    });

    await expect(send()).resolves.toMatchObject({ status: 200, body: BODY });
  });

  it.each([
    ['gzip', gzipSync(BODY)],
    ['GZIP', gzipSync(BODY)],
    ['deflate', deflateSync(BODY)],
    ['deflate', deflateRawSync(BODY)],
    ['br', brotliCompressSync(BODY)],
    ['identity', BODY],
    ['unheard-of', BODY],
    ['__proto__', BODY],
  ])('decompresses a body with the encoding %s', async (encoding, packed) => {
    wire.server.answer((response) => response.writeHead(200, { 'Content-Encoding': encoding }).end(packed));

    expect((await send()).body.toString()).toBe(BODY.toString());
  });

  it.each([
    ['a compressed body', { 'Content-Encoding': 'gzip' }, gzipSync(BODY)],
    ['a body as it is', {}, BODY],
  ])('opens %s as a stream', async (_case, headers, body) => {
    wire.server.answer((response) => response.writeHead(201, headers).end(body));

    const reply = await wire.client.open({ ...GET, host: wire.server.url, headers: {} }, exchange());

    expect(reply.status).toBe(201);
    await expect(buffer(reply.body)).resolves.toEqual(BODY);
  });

  it('returns an empty body for any encoding', async () => {
    wire.server.answer((response) => response.writeHead(204, { 'Content-Encoding': 'gzip' }).end());

    expect((await send()).body).toHaveLength(0);
  });

  it.each(['gzip', 'deflate', 'br'])(
    'reports a reply that cannot be decompressed as %s',
    async (encoding) => {
      wire.server.answer((response) =>
        response.writeHead(200, { 'Content-Encoding': encoding }).end('unpackable'),
      );

      const error = await broken(send());

      expect(error).toMatchObject({ timedOut: false, attempts: 1 });
      expect(error.message).toContain('before the reply to order.query of order A1 was complete');
    },
  );

  it('accepts a reply of exactly the maximum size', async () => {
    wire.server.answer((response) => response.end(Buffer.alloc(MAX_BYTES, 'a')));

    expect((await send()).body).toHaveLength(MAX_BYTES);
  });

  it.each([
    ['as it comes in', {}, Buffer.alloc(MAX_BYTES + 1, 'a')],
    ['as it is unpacked', { 'Content-Encoding': 'gzip' }, gzipSync(Buffer.alloc(MAX_BYTES + 1, 'a'))],
    ['as it is unpacked', { 'Content-Encoding': 'br' }, brotliCompressSync(Buffer.alloc(5e7, 'a'))],
  ])('drops a reply that is too large, %s', async (_when, headers, body) => {
    wire.server.answer((response) => response.writeHead(200, headers).end(body));

    const error = await broken(send());

    expect(error.message).toContain(`is larger than ${MAX_BYTES} bytes, so it was dropped`);
  });

  it('closes the connection of a reply that exceeds the maximum size', async () => {
    wire.server.answer((response) => response.write(Buffer.alloc(MAX_BYTES + 1, 'a')));

    await broken(send());

    await eventually(() => expect(wire.server.sockets.size).toBe(0));
  });

  it('aborts a reply that arrives in drops when the time is up, and closes the connection', async () => {
    wire.server.answer((response) => {
      const drip = setInterval(() => response.write('a'), 5);
      response.on('close', () => clearInterval(drip));
    });

    const error = await broken(send(GET, { timeoutMs: 60 }));

    expect(error.timedOut).toBe(true);
    await eventually(() => expect(wire.server.sockets.size).toBe(0));
  });

  it.each([
    ['before', (response: ServerResponse) => void response],
    ['amid', (response: ServerResponse) => response.writeHead(200, { 'Content-Length': 9 }).write('half')],
  ])('ends when the caller aborts %s the reply', async (_when, begin) => {
    const caller = new AbortController();
    wire.server.answer((response) => {
      begin(response);
      setImmediate(() => caller.abort('gone'));
    });

    // Two attempts: the first has less time than the call, and a signal of its own.
    await expect(send(GET, { signal: caller.signal }, 2)).rejects.toBe('gone');
    await eventually(() => expect(wire.server.sockets.size).toBe(0));
  });

  it('keeps the connection when the caller aborts after the reply', async () => {
    const caller = new AbortController();
    wire.server.answer((response) => void response.end(BODY));
    await send(GET, { signal: caller.signal });
    const [socket] = wire.server.sockets;

    caller.abort('too late');
    await send();

    expect([...wire.server.sockets]).toEqual([socket]);
  });

  it.each([
    ['before the reply', (response: ServerResponse) => void response.socket?.resetAndDestroy()],
    [
      'amid the reply',
      (response: ServerResponse) =>
        response
          .writeHead(200, { 'Content-Length': 9 })
          .write('half', () => setImmediate(() => response.socket?.resetAndDestroy())),
    ],
    [
      'with a reply that is no HTTP',
      (response: ServerResponse) => void response.socket?.end('nonsense\r\n\r\n'),
    ],
  ])('reports that the connection broke %s', async (_when, breakOff) => {
    wire.server.answer((response) => void breakOff(response));

    const error = await broken(send());

    expect(error).toMatchObject({ timedOut: false, attempts: 1 });
    expect(error.message).toContain(
      `The connection to ${new URL(wire.server.url).host} broke before the reply to order.query of order A1`,
    );
  });

  it('retries immediately if an idle connection breaks', async () => {
    wire.server.answer((response) => void response.end(BODY));
    await send();
    const before = wire.server.requests;
    wire.server.answer((response) => {
      wire.server.answer((next) => void next.end(BODY));
      response.socket?.resetAndDestroy();
    });

    await expect(send(GET, {}, 2)).resolves.toMatchObject({ body: BODY });

    expect(wire.server.requests).toBe(before + 2);
  });
});
