import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { eventually } from '../../support/assertions/eventually.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { handSign, send } from '../../support/signing/hand-signed-request.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const KEYS = {
  merchantPrivateKey: rsaKeys().privatePem,
  platformPrivateKey: rsaKeys().privatePem,
  apiV3Key: '0123456789abcdef0123456789abcdef',
};

let gateway: MockWxPayGateway;

beforeEach(async () => {
  gateway = await startGateway({ keys: KEYS });
  gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
});
afterEach(() => gateway.stop());

const query = () => send(gateway, handSign(gateway));
const connectTo = ({ url }: MockWxPayGateway) => connect(Number(new URL(url).port), '127.0.0.1');

describe('MockWxPayGateway.stop', () => {
  it('drops connections that hang, wait or never said anything', async () => {
    gateway.next({ fault: 'hang' });
    gateway.next({ delayMs: 60_000 });
    const silent = connectTo(gateway);
    const dropped = Promise.allSettled([query(), query(), once(silent, 'close')]);
    await eventually(() => expect(gateway.requests).toHaveLength(2));

    await gateway.stop();

    expect((await dropped).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    await expect(query()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('drops a connection in the middle of its TLS handshake', async () => {
    const secure = await startGateway({ keys: KEYS, https: true });
    const silent = connectTo(secure);
    const closed = once(silent, 'close');
    await once(silent, 'connect');
    // Proves that the server has accepted the silent connection, which came before.
    await send(secure, handSign(secure));

    await secure.stop();

    await expect(closed).resolves.toEqual([false]);
  });

  it('does nothing the second time, and ends `await using`', async () => {
    await gateway.stop();
    await gateway[Symbol.asyncDispose]();

    await expect(query()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('MockWxPayGateway, printed', () => {
  it('shows its address and counts, and no key', async () => {
    await query();
    gateway.next({ fault: 'hang' });

    const printed = inspect({ gateway }, { depth: 10, showHidden: true });

    expect(printed).toContain(
      `MockWxPayGateway { ${gateway.url}, mchid 1900000001, 1 orders, 1 requests, 1 scripted }`,
    );
    for (const text of [printed, JSON.stringify(gateway)]) {
      expect(text).not.toContain('KEY');
      expect(text).not.toContain(KEYS.apiV3Key);
    }
  });
});

describe('MockWxPayGateway', () => {
  it('survives a script that throws, and says what it threw', async () => {
    gateway.next({
      before: () => {
        gateway.orders.pay('NEVER');
      },
    });

    const [broken, next] = [await query(), await query()];

    expect(broken.status).toBe(500);
    expect(broken.body).toBe('The mock gateway failed: There is no order "NEVER". Place it with create().');
    expect(next.status).toBe(200);
  });

  it('says what is wrong with a reply that cannot be sent', async () => {
    gateway.next({ reply: { status: 20, body: 'out of range' } });

    const reply = await query();

    expect(reply).toMatchObject({ status: 500, body: 'The mock gateway failed: Invalid status code: 20' });
  });

  it('refuses a body that is too large', async () => {
    const reply = await send(
      gateway,
      handSign(gateway, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) }),
    );

    expect(reply).toMatchObject({ status: 413, body: '' });
  });

  it('survives a client that leaves in the middle of its body', async () => {
    const client = connectTo(gateway);
    client.write('POST /v3/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\nhalf');
    await once(client, 'data');
    client.destroy();
    await once(client, 'close');

    const reply = await query();

    expect(reply.status).toBe(200);
  });
});
