import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { reset } from '../../../lib/testing/http/send-reply.js';
import { eventually } from '../../support/assertions/eventually.js';

let listener: Server;
let client: Socket;
let server: Socket;

beforeEach(async () => {
  listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  client = connect((listener.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  [server] = (await once(listener, 'connection')) as [Socket];
});
afterEach(() => {
  client.destroy();
  // One that is never let go of must not hold the tests.
  server.unref();
  listener.close();
});

describe('reset', () => {
  it.each<[string, () => void]>([
    ['that is open', () => undefined],
    ['that has begun to end', () => void server.end('goodbye')],
  ])('closes both ends of a connection %s', async (_, before) => {
    let ends = 0;
    for (const socket of [server, client.resume()]) socket.on('close', () => ends++);
    before();

    reset(server);

    await eventually(() => expect(ends).toBe(2), 1_000);
  });
});
