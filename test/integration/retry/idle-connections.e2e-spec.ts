import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Agent, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { NodeHttpClient } from '../../../lib/transport/http/node-http-client.js';
import { eventually } from '../../support/assertions/eventually.js';
import { exchange } from '../../support/harness/exchange.js';

/** A host that never closes a connection by itself. */
let host: Server;
const sockets = new Set<Socket>();

beforeAll(async () => {
  host = createServer({ keepAliveTimeout: 0 }, (_, response) => void response.end('x'));
  host.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  host.listen(0, '127.0.0.1');
  await once(host, 'listening');
});
afterAll(() => {
  host.closeAllConnections();
  host.close();
});

/** A client of this package, and what its agents were made with. */
function clientWithAgents() {
  const client = new NodeHttpClient({ maxSockets: 1 });
  const get = () =>
    client.send(
      {
        host: `http://127.0.0.1:${(host.address() as AddressInfo).port}`,
        method: 'GET',
        path: '/',
        headers: {},
        body: '',
        maxReplyBytes: 100,
      },
      exchange(),
    );
  const { httpAgent, httpsAgent } = client as unknown as Readonly<
    Record<'httpAgent' | 'httpsAgent', Agent & { readonly options: { timeout: number } }>
  >;
  return { get, close: () => client.close(), httpAgent, httpsAgent };
}

describe('an idle connection', () => {
  it('is closed after 7 seconds, before WeChat Pay drops it at about 8', () => {
    const { httpAgent, httpsAgent, close } = clientWithAgents();

    expect([httpAgent.options.timeout, httpsAgent.options.timeout]).toEqual([7_000, 7_000]);
    close();
  });

  it('serves the next request before that time, and is closed from this side after it', async () => {
    const { get, httpAgent, close } = clientWithAgents();
    httpAgent.options.timeout = 150;

    await get();
    const [first] = sockets;
    await get();

    expect([...sockets]).toEqual([first]);
    await eventually(() => expect(sockets.size).toBe(0));
    close();
  });

  it('is closed with the client', async () => {
    const { get, close } = clientWithAgents();
    await get();

    close();

    await eventually(() => expect(sockets.size).toBe(0), 2_000);
  });

  it('is not kept if the client was closed meanwhile', async () => {
    const { get, close } = clientWithAgents();
    close();

    await get();

    await eventually(() => expect(sockets.size).toBe(0), 2_000);
  });
});
