import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { eventually } from '../../test/support/assertions/eventually.js';
import { ADAPTERS } from './support/adapters.js';
import { openHalf } from './support/half-open.js';
import { startProcess } from './support/sample-process.js';
import { startSample } from './support/start-sample.js';

const HALF_HEADERS = 'POST /wxpay/notifications HTTP/1.1\r\nHost: shop\r\nContent-Le';
const HALF_BODY =
  'POST /wxpay/notifications HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{';

describe('the sample process', () => {
  it('ends with code 0 on SIGTERM while connections that sent no whole request stay open', async () => {
    await using sample = await startProcess({ DRAIN_MS: '300' });
    for (const part of ['', HALF_HEADERS, HALF_BODY]) await openHalf(sample.port, part);

    const { code, afterMs } = await sample.terminate();

    expect(code).toBe(0);
    expect(afterMs).toBeLessThan(5_000);
  }, 40_000);
});

describe.each(ADAPTERS)('the sample on %s that is closed', (_name, createAdapter) => {
  it('cuts a connection that sends no whole request within DRAIN_MS', async () => {
    const { app } = await startSample(createAdapter(), { DRAIN_MS: '200' });
    const socket = await openHalf(portOf(app), HALF_HEADERS);

    await app.close();

    await eventually(() => expect(socket.destroyed).toBe(true));
  });

  it('answers a request that is completed before DRAIN_MS is over', async () => {
    const { app } = await startSample(createAdapter(), { DRAIN_MS: '10000' });
    const server = app.getHttpServer() as Server;
    const arrived = once(server, 'request');
    const socket = await openHalf(portOf(app), HALF_BODY);
    await arrived;
    const answer = once(socket, 'data') as Promise<[Buffer]>;
    const closing = app.close();
    await eventually(() => expect(server.listening).toBe(false));

    socket.write('}');

    const [head] = await answer;
    expect(head.toString()).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
    await closing;
  });
});

function portOf(app: INestApplication): number {
  return ((app.getHttpServer() as Server).address() as AddressInfo).port;
}
