import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import axios from 'axios';
import { safeCause } from '../../../lib/errors/safe-cause.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';

const SECRET = 'a secret that has no recognisable form';

const closing: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of closing.splice(0)) server.close();
});

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  closing.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function failureOf(url: string): Promise<unknown> {
  const request = axios.post(url, SECRET, { headers: { Authorization: SECRET }, timeout: 5_000 });
  return request.then(
    () => Promise.reject(new Error('the request was expected to fail')),
    (error: unknown) => error,
  );
}

const everythingOf = (error: unknown): string =>
  [inspect(error, { depth: Infinity, showHidden: true }), JSON.stringify(error), String(error)].join('\n');

describe('safeCause of a real HTTP client', () => {
  it('keeps the cause of a refused connection and nothing of the request', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, 'close');

    const failure = await failureOf(`http://127.0.0.1:${port}/`);

    const safe = safeCause(failure);
    expect(everythingOf(failure)).toContain(SECRET);
    expect(safe).toMatchObject({ code: 'ECONNREFUSED', message: `connect ECONNREFUSED 127.0.0.1:${port}` });
    expect(everythingOf(safe)).not.toContain(SECRET);
    expect(everythingOf(new WxPayTransportError('No answer.', { cause: failure }))).not.toContain(SECRET);
  });

  it('keeps the cause of a TLS failure and nothing of the request', async () => {
    // Neither key nor certificate: the handshake fails on the server's side.
    const port = await listen(createTlsServer().on('tlsClientError', () => {}));

    const failure = await failureOf(`https://127.0.0.1:${port}/`);

    const safe = safeCause(failure);
    expect(everythingOf(failure)).toContain(SECRET);
    expect(safe).toMatchObject({ code: expect.stringMatching(/^(ERR_SSL|EPROTO|ECONNRESET)/) });
    expect(everythingOf(safe)).not.toContain(SECRET);
    expect(everythingOf(new WxPayTransportError('No answer.', { cause: failure }))).not.toContain(SECRET);
  });
});
