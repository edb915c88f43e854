import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WxPayMerchants } from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { eventually } from '../../support/assertions/eventually.js';
import {
  CLOSE_A1,
  handSign,
  isGenuine,
  MERCHANT_BODY,
  send,
} from '../../support/signing/hand-signed-request.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const running: MockWxPayGateway[] = [];
const kept = (gateway: MockWxPayGateway) => {
  running.push(gateway);
  return gateway;
};
const query = (gateway: MockWxPayGateway) => send(gateway, handSign(gateway));

afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.stop()));
});

describe.each(['http', 'https'] as const)('MockWxPayGateway.goDown over %s', (protocol) => {
  let gateway: MockWxPayGateway;

  beforeEach(async () => {
    gateway = kept(await startGateway({ https: protocol === 'https' }));
    gateway.orders.create({ outTradeNo: 'A1', amount: { total: 1 } });
  });

  it('refuses connections until it comes back on the same port, with the same orders and scripts', async () => {
    const { url } = gateway;
    gateway.next({ status: 500, code: 'SYSTEM_ERROR' });

    await gateway.goDown();
    const down = query(gateway);
    await expect(down).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await gateway.comeBack();

    expect(gateway.url).toBe(url);
    expect([(await query(gateway)).status, (await query(gateway)).status]).toEqual([500, 200]);
  });

  it('breaks the connections there are, waiting for an answer or idle', async () => {
    const { hostname, port } = new URL(gateway.url);
    const idle = connect(Number(port), hostname);
    await once(idle, 'connect');
    gateway.next({ fault: 'hang' });
    const asking = query(gateway);
    // The rejection is looked at below.
    asking.catch(() => undefined);
    await eventually(() => expect(gateway.requests).toHaveLength(1));

    const ended = once(idle, 'error');
    await gateway.goDown();

    await expect(asking).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(ended).resolves.toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('replies after repeated calls of goDown and comeBack', async () => {
    for (let round = 0; round < 3; round++) {
      await Promise.all([gateway.goDown(), gateway.goDown()]);
      await gateway.goDown();
      await gateway.comeBack();
      await gateway.comeBack();

      expect((await query(gateway)).status).toBe(200);
    }
  });

  it('does not come back once it was stopped, down or not', async () => {
    await gateway.goDown();
    await gateway.stop();

    await expect(gateway.comeBack()).rejects.toThrow(
      'The mock gateway was stopped for good. Start another one.',
    );
  });
});

describe('MockWxPayGateway.startBackup', () => {
  let main: MockWxPayGateway;
  let backup: MockWxPayGateway;

  beforeEach(async () => {
    main = kept(await startGateway({ mchid: '1900000001', platformCertificates: true }));
    backup = kept(await main.startBackup());
    main.orders.create({ outTradeNo: 'A1', amount: { total: 1 } });
  });

  it('serves the same orders with the same keys on another port', async () => {
    const closing = { method: 'POST', path: CLOSE_A1, body: MERCHANT_BODY };
    const closed = await send(backup, handSign(main, closing));
    const asked = await send(main, {
      ...handSign(backup),
      headers: { ...handSign(backup).headers, 'Wechatpay-Serial': main.keys.publicKeyId },
    });

    expect(backup.url).not.toBe(main.url);
    expect(closed.status).toBe(204);
    expect(JSON.parse(asked.body)).toMatchObject({ trade_state: 'CLOSED' });
    expect(isGenuine(backup, asked)).toBe(true);
    expect(backup.orders).toBe(main.orders);
    expect(backup.combineOrders).toBe(main.combineOrders);
  });

  it('knows of the same platform certificates', async () => {
    const next = await main.rotateCertificate();

    expect(backup.platformCertificates.at(-1)).toBe(next);
  });

  it('has scripts, faults and requests of its own', async () => {
    main.next({ status: 500, code: 'SYSTEM_ERROR' });
    main.faults({ seed: 1, rate: 1, kinds: ['html'] });

    expect((await query(backup)).status).toBe(200);
    expect([main.requests, backup.requests].map(({ length }) => length)).toEqual([0, 1]);
  });

  it('carries an app through the death of the main host', async () => {
    const merchants = new WxPayMerchants();
    const options = main.options({ hosts: [main.url, backup.url], hostRecoveryMs: 100 });
    const { orderQuery } = merchants.register('default', options);

    await orderQuery.query({ outTradeNo: 'A1' });
    await main.goDown();
    main.orders.pay('A1');
    const paid = await orderQuery.query({ outTradeNo: 'A1' });
    await main.comeBack();
    while (main.requests.length < 2) await orderQuery.query({ outTradeNo: 'A1' });
    await merchants.onModuleDestroy();

    expect(paid.tradeState).toBe('SUCCESS');
    expect(backup.requests.length).toBeGreaterThan(0);
  });
});
