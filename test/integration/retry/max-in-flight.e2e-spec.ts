import { afterAll, describe, expect, it } from '@jest/globals';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WxPaySigner } from 'nestjs-wxpay';
import { eventually } from '../../support/assertions/eventually.js';
import { appHttpService } from '../../support/harness/http-clients.js';
import { startRawServer } from '../../support/servers/raw-server.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox({}, { maxAttempts: 1 });

class CountingSigner extends WxPaySigner {
  readonly algorithm = 'WECHATPAY2-SHA256-RSA2048';
  readonly serialNo = 'ABCDEF';
  signatures = 0;

  override async sign(): Promise<string> {
    this.signatures++;
    return 'signature';
  }
}

describe('maxInFlight', () => {
  const held: ServerResponse[] = [];
  const server = createServer((_, response) => void held.push(response));

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('limits the attempts that are signed and sent concurrently, and completes all', async () => {
    let connections = 0;
    server.on('connection', () => connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const signer = new CountingSigner();
    const { orderQuery } = sandbox.merchantWith({
      hosts: [`http://127.0.0.1:${port}`],
      maxInFlight: 2,
      signer,
    });

    const calls = ['A1', 'A2', 'A3', 'A4', 'A5'].map((outTradeNo) =>
      orderQuery.query({ outTradeNo }).catch(() => outTradeNo),
    );
    for (let answered = 0; answered < calls.length; answered++) {
      const arrived = Math.min(answered + 2, calls.length);
      await eventually(() => expect(held).toHaveLength(arrived));
      expect(signer.signatures).toBe(arrived);
      held[answered]?.writeHead(500).end();
    }

    await expect(Promise.all(calls)).resolves.toEqual(['A1', 'A2', 'A3', 'A4', 'A5']);
    expect(connections).toBe(2);
  });

  it('limits the attempts after a pause as well', async () => {
    // Slower than any first pause is long: a call is back while another is being answered.
    const SLOW_MS = 350;
    let open = 0;
    let most = 0;
    const slow = await startRawServer();
    slow.answer((response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        response.writeHead(500).end();
      }, SLOW_MS);
    });
    // With connections to spare: they do not bound them.
    const { httpService, close } = appHttpService();
    const { orderQuery } = sandbox.merchantWith({
      hosts: [slow.url],
      httpService,
      maxInFlight: 1,
      maxAttempts: 2,
    });

    await Promise.allSettled(['B1', 'B2'].map((outTradeNo) => orderQuery.query({ outTradeNo })));
    close();
    slow.stop();

    expect([slow.requests, most]).toEqual([4, 1]);
  });
});
