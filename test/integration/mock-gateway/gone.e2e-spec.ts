import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendReply } from '../../../lib/testing/http/send-reply.js';

describe('sendReply', () => {
  it('sends nothing to a client that has given up before it begins, not even byte by byte', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const request = get(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`).on(
      'error',
      () => undefined,
    );
    const [, response] = (await once(listener, 'request')) as [unknown, ServerResponse];
    request.destroy();
    await once(response, 'close');

    const sent = sendReply(response, {
      status: 200,
      headers: {},
      body: Buffer.from('ab'),
      dripMs: 1_000,
    }).then(() => 'sent');

    await expect(
      Promise.race([sent, new Promise((resolve) => setImmediate(resolve, 'sending'))]),
    ).resolves.toBe('sent');
    listener.close();
  });
});
