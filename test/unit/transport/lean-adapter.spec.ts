import { HttpService } from '@nestjs/axios';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Agent } from 'node:http';
import { leanAdapter } from '../../../lib/transport/lean-adapter.js';
import { startRawServer } from '../../support/raw-server.js';

const server = await startRawServer();
afterAll(() => server.stop());

function get(url: string, httpAgent: Agent): Promise<unknown> {
  const axiosRef = new HttpService().axiosRef.create({ adapter: leanAdapter, httpAgent });
  return axiosRef.get(url, { maxContentLength: 1_000 });
}

/** A request whose host cannot be found, for the reason that is named. */
function askWhere(code: string): Promise<unknown> {
  const httpAgent = new Agent({
    lookup: (name, _, answer) =>
      answer(Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code }), ''),
  });
  return get('http://wxpay.invalid/', httpAgent);
}

/** A request whose connection breaks for the reason that is named, once the host has the request. */
async function loseAnswer(code: string, httpAgent: Agent): Promise<unknown> {
  server.answer(() => {
    for (const socket of Object.values(httpAgent.sockets).flat()) {
      socket?.destroy(Object.assign(new Error(`read ${code}`), { code }));
    }
  });
  return get(server.url, httpAgent);
}

describe('leanAdapter', () => {
  it.each(['ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET', 'EPROTO'])(
    'says of a failure with %s that nothing can have been sent where no connection came about',
    async (code) => {
      await expect(askWhere(code)).rejects.toMatchObject({ code, isUnsent: true });
    },
  );

  it.each(['ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET', 'EPROTO'])(
    'does not say so of one with %s where the connection stood',
    async (code) => {
      await expect(loseAnswer(code, new Agent())).rejects.toMatchObject({ code, isUnsent: false });
    },
  );

  it('does not say so where the connection had served before', async () => {
    const httpAgent = new Agent({ keepAlive: true });
    server.answer((response) => void response.end());
    await get(server.url, httpAgent);

    await expect(loseAnswer('ETIMEDOUT', httpAgent)).rejects.toMatchObject({ isUnsent: false });
  });
});
