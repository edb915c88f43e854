import { afterAll, describe, expect, it } from '@jest/globals';
import type { AgentOptions } from 'node:http';
import type { LookupFunction } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { NodeHttpClient } from '../../../../lib/transport/http/node-http-client.js';
import { eventually } from '../../../support/assertions/eventually.js';
import { exchange } from '../../../support/harness/exchange.js';
import { startRawServer } from '../../../support/servers/raw-server.js';

const server = await startRawServer();
afterAll(() => server.stop());

/** Sends a request and notes whether it was reported as sent. */
function send(client: NodeHttpClient, host = server.url) {
  const progress = exchange();
  const reply = client.send(
    { host, method: 'GET', path: '/', headers: {}, body: '', maxReplyBytes: 1_000 },
    progress,
  );
  return { reply, progress };
}

/** What an agent was made with. */
function optionsOf(agent: object): AgentOptions {
  return (agent as { readonly options: AgentOptions }).options;
}

/** Lets the name of the host not be found, for the reason that is named. */
function clientWithoutDns(code: string): NodeHttpClient {
  const client = new NodeHttpClient({ maxSockets: 1 });
  const lookup: LookupFunction = (name, _, answer) =>
    answer(Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code }), '');
  Object.assign(optionsOf(client.httpAgent), { lookup });
  return client;
}

/** Breaks the connection for the reason that is named, once the host has the request. */
function breakWith(code: string, { httpAgent }: NodeHttpClient): void {
  server.answer(() => {
    for (const socket of Object.values(httpAgent.sockets).flat()) {
      socket?.destroy(Object.assign(new Error(`read ${code}`), { code }));
    }
  });
}

describe('NodeHttpClient', () => {
  it.each(['httpAgent', 'httpsAgent'] as const)(
    'keeps connections in %s, reuses the last used first, and closes them before WeChat Pay does',
    (name) => {
      const client = new NodeHttpClient({ maxSockets: 3 });
      client.close();

      // WeChat Pay drops a connection after about 8 s without a request.
      expect(optionsOf(client[name])).toMatchObject({
        keepAlive: true,
        scheduling: 'lifo',
        maxSockets: 3,
        timeout: 7_000,
      });
    },
  );

  it.each(['ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET', 'EPROTO'])(
    'reports nothing as sent after a failure with %s without a connection',
    async (code) => {
      const { reply, progress } = send(clientWithoutDns(code), 'http://wxpay.invalid');

      await expect(reply).rejects.toMatchObject({ cause: { code } });
      expect(progress.wasSent).toBe(false);
    },
  );

  it.each(['ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET', 'EPROTO'])(
    'reports a request as sent that fails with %s on a connection',
    async (code) => {
      const client = new NodeHttpClient({ maxSockets: 1 });
      breakWith(code, client);
      const { reply, progress } = send(client);

      await expect(reply).rejects.toMatchObject({ cause: { code } });
      expect(progress.wasSent).toBe(true);
    },
  );

  it('reports a request as sent that fails on a connection that had served before', async () => {
    const client = new NodeHttpClient({ maxSockets: 1 });
    server.answer((response) => void response.end());
    await send(client).reply;
    breakWith('ETIMEDOUT', client);
    const { reply, progress } = send(client);

    await expect(reply).rejects.toMatchObject({ fault: 'unreachable' });
    expect(progress.wasSent).toBe(true);
  });

  it('joins the values of a repeated header, as axios does', async () => {
    const client = new NodeHttpClient({ maxSockets: 1 });
    server.answer((response) => void response.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'] }).end());

    const { headers } = await send(client).reply;
    client.close();

    expect(headers.get('set-cookie')).toBe('a=1,b=2');
  });

  it('asks for a reply that is not compressed', async () => {
    const client = new NodeHttpClient({ maxSockets: 1 });
    server.answer((response, { headers }) => response.end(headers['accept-encoding']));

    const { body } = await send(client).reply;
    client.close();

    expect(body.toString()).toBe('identity');
  });

  it('opens HTTP 101 as a reply without a body, and closes the connection', async () => {
    const client = new NodeHttpClient({ maxSockets: 1 });
    server.answer(
      ({ socket }) =>
        void socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
    );

    const reply = await client.open(
      { host: server.url, method: 'GET', path: '/', headers: {}, body: '' },
      exchange(),
    );

    expect(reply.status).toBe(101);
    expect(await buffer(reply.body)).toHaveLength(0);
    await eventually(() => expect(server.sockets.size).toBe(0));
  });

  it('connects to a host given as an IPv6 address', async () => {
    const client = new NodeHttpClient({ maxSockets: 1 });

    await expect(send(client, 'http://[::1]:1').reply).rejects.toMatchObject({
      cause: { message: expect.stringContaining('::1') },
    });
  });
});
