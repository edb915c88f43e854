import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { Agent, type AgentOptions } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { WxPayMerchants, WxPayTransportError } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

let gateway: MockWxPayGateway;
let proxy: Server;
const tunnels: string[] = [];
const merchants = new WxPayMerchants();

beforeAll(async () => {
  gateway = await startGateway({ https: true });
  gateway.orders.create({ outTradeNo: 'T1', amount: { total: 1 } });
  proxy = createServer().on('connect', ({ url = '' }, client: Socket) => {
    tunnels.push(url);
    const [host, port] = url.split(':');
    const upstream = connect(Number(port), host, () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.pipe(upstream).pipe(client);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  await merchants.onModuleDestroy();
  await gateway.stop();
  proxy.close();
});

/** Opens each connection through the proxy, as the agents of proxy packages do. */
class TunnelAgent extends Agent {
  override createConnection(
    options: AgentOptions & ConnectionOptions,
    callback?: (error: Error | null, socket: Socket) => void,
  ): undefined {
    const { port } = proxy.address() as AddressInfo;
    const path = `${options.host}:${options.port}`;
    request({ host: '127.0.0.1', port, method: 'CONNECT', path, agent: false })
      .on('connect', (_reply, socket: Socket) =>
        callback?.(null, connectTls({ ...options, host: undefined, path: undefined, socket })),
      )
      .end();
  }
}

describe('the option httpsAgent', () => {
  it('sends requests through the proxy of the agent, over kept connections', async () => {
    const httpsAgent = new TunnelAgent({ keepAlive: true, ca: gateway.certificate });
    const merchant = merchants.register('proxied', gateway.options({ httpsAgent }));

    await merchant.orderQuery.query({ outTradeNo: 'T1' });
    await merchant.orderQuery.query({ outTradeNo: 'T1' });

    expect(tunnels).toEqual([new URL(gateway.url).host]);
    httpsAgent.destroy();
  });

  it('still verifies the host, and reports that nothing was sent', async () => {
    const httpsAgent = new TunnelAgent({ keepAlive: true });
    const { length: before } = gateway.requests;
    const merchant = merchants.register('untrusted', gateway.options({ httpsAgent, maxAttempts: 1 }));

    const error = await failureOf(WxPayTransportError, merchant.orderClose.close({ outTradeNo: 'T1' }));

    expect(error.message).toMatch(/self-signed certificate.*Nothing was sent/);
    expect(error).not.toHaveProperty('outcomeUnknown');
    expect(gateway.requests).toHaveLength(before);
  });

  it('leaves the connections of the agent to the app when the merchant is removed', async () => {
    const httpsAgent = new Agent({ keepAlive: true, ca: gateway.certificate });
    const merchant = merchants.register('kept', gateway.options({ httpsAgent }));
    await merchant.orderQuery.query({ outTradeNo: 'T1' });

    merchants.unregister('kept');
    await merchants.onModuleDestroy();

    expect(Object.values(httpsAgent.freeSockets).flat()).toHaveLength(1);
    httpsAgent.destroy();
  });

  it('presents the client certificate of a merchant of APIv2 through the agent', async () => {
    const { clientCertificate } = gateway;
    const httpsAgent = new TunnelAgent({ keepAlive: true, ca: gateway.certificate });
    const merchant = merchants.register(
      'counter',
      gateway.optionsV2({ httpsAgent, clientCertificate, sharedMchid: true }),
    );
    gateway.orders.create({
      outTradeNo: 'M1',
      amount: { total: 1 },
      tradeType: 'MICROPAY',
      createdAt: new Date(0),
    });

    await expect(merchant.orderReverse.reverse({ outTradeNo: 'M1' })).resolves.toMatchObject({
      outcome: 'reversed',
    });
    httpsAgent.destroy();
  });
});
