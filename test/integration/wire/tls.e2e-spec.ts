import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { Agent } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { WxPayMerchants, WxPayTransportError } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { NodeHttpClient } from '../../../lib/transport/http/node-http-client.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

let gateway: MockWxPayGateway;
const merchants = new WxPayMerchants();

beforeAll(async () => {
  gateway = await startGateway({ https: true });
});
afterAll(async () => {
  await gateway.stop();
  await merchants.onModuleDestroy();
});

describe('NodeHttpClient over TLS', () => {
  it('refuses a host without a trusted certificate, before anything is sent', async () => {
    const merchant = merchants.register('default', gateway.options({ maxAttempts: 1 }));

    const error = await failureOf(WxPayTransportError, merchant.orderQuery.query({ outTradeNo: 'T1' }));

    expect(error.message).toMatch(/self-signed certificate.*Nothing was sent, .*check DNS, TLS/);
    expect(gateway.requests).toEqual([]);
  });

  it('reports that nothing was sent if the connection broke during the handshake', async () => {
    const host = createServer((socket) => socket.once('data', () => socket.destroy())).listen(0, '127.0.0.1');
    await once(host, 'listening');
    const { port } = host.address() as AddressInfo;
    const merchant = merchants.register(
      'cut',
      gateway.options({ hosts: [`https://127.0.0.1:${port}`], maxAttempts: 1 }),
    );

    const error = await failureOf(WxPayTransportError, merchant.orderQuery.query({ outTradeNo: 'T1' }));
    host.close();

    expect(error.message).toMatch(/could not be reached .*Nothing was sent, .*check DNS, TLS/);
  });

  it('verifies the host whatever is passed beside a client certificate', async () => {
    const { ca: _, ...certificate } = { ca: undefined, ...gateway.clientCertificate };
    const clientCertificate = {
      ...certificate,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    };
    const merchant = merchants.register(
      'v2',
      gateway.optionsV2({ clientCertificate, sharedMchid: true } as never),
    );

    const error = await failureOf(WxPayTransportError, merchant.orderQuery.query({ outTradeNo: 'T1' }));

    expect(error.message).toContain('self-signed certificate');
    expect(gateway.requests).toEqual([]);
  });

  it('sets rejectUnauthorized on its agent, so that no environment variable turns it off', () => {
    const { httpsAgent } = new NodeHttpClient({ maxSockets: 1 });

    expect(httpsAgent).toMatchObject({ options: { rejectUnauthorized: true } });
  });

  it('reports that a request may have been carried out if the connection broke after the handshake', async () => {
    const httpsAgent = new Agent({ ca: gateway.certificate });
    const merchant = merchants.register(
      'reset',
      gateway.options({ httpsAgent, maxAttempts: 1, sharedMchid: true }),
    );
    gateway.next({ fault: 'reset' });

    const error = await failureOf(WxPayTransportError, merchant.orderClose.close({ outTradeNo: 'T1' }));

    expect(error.message).toContain('It may have been carried out');
  });
});
