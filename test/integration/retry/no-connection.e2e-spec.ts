import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WxPayTransportError, type WxPayMerchant } from 'nestjs-wxpay';
import { startDeafHost, type DeafHost } from '../../support/servers/deaf-host.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox();
const ADVICE =
  'Nothing was sent, as no connection could be made: check DNS, TLS, firewall and egress rules for this host. HTTPS_PROXY is not used';

let deaf: DeafHost;
beforeAll(async () => {
  deaf = await startDeafHost();
});
afterAll(() => deaf.stop());

const post = (merchant: WxPayMerchant, timeoutMs: number) =>
  merchant.client.request(
    {
      method: 'POST',
      path: '/v3/pay/transactions/out-trade-no/PLACED1/close',
      body: { mchid: merchant.mchid },
    },
    { timeoutMs },
  );

describe('a call, without a connection to a host', () => {
  it('names the host as the cause, with the next steps', async () => {
    const merchant = sandbox.merchantWith({ hosts: [deaf.url] });

    const error = await failureOf(
      WxPayTransportError,
      merchant.orderQuery.query({ outTradeNo: 'T1' }, { timeoutMs: 400.4 }),
    );

    expect(error.message).toMatch(/within \d+ ms/);
    expect(error.message).toContain(ADVICE);
    expect(error).toMatchObject({ timedOut: true, retryable: true });
  });

  it('names the host if there is only one attempt', async () => {
    const merchant = sandbox.merchantWith({ hosts: [deaf.url], maxAttempts: 1 });

    const error = await failureOf(
      WxPayTransportError,
      merchant.orderQuery.query({ outTradeNo: 'T1' }, { timeoutMs: 300 }),
    );

    expect(error.message).toContain('most of the time went into connecting');
    expect(error.message).toContain(ADVICE);
  });

  it('reports no unknown outcome for a request that must not be repeated', async () => {
    const error = await failureOf(
      WxPayTransportError,
      post(sandbox.merchantWith({ hosts: [deaf.url] }), 300),
    );

    expect(error.retryable).toBe(true);
    expect(error).not.toHaveProperty('outcomeUnknown');
    expect(error.message).toContain(ADVICE);
  });

  it('sends a request that must not be repeated to the other host', async () => {
    const merchant = sandbox.merchantWith({ hosts: [deaf.url, sandbox.gateway.url], attemptTimeoutMs: 200 });

    sandbox.gateway.orders.create({ outTradeNo: 'PLACED1', amount: { total: 1 } });

    await post(merchant, 5_000);

    expect(sandbox.gateway.orders.get('PLACED1')?.tradeState).toBe('CLOSED');
  });

  it('names the step of settle', async () => {
    const merchant = sandbox.merchantWith({ hosts: [deaf.url] });

    const settlement = await merchant.orderSettle.settle({ outTradeNo: 'T1' }, { timeoutMs: 300 });

    expect(settlement).toMatchObject({
      outcome: 'unresolved',
      cause: {
        message: expect.stringMatching(/order\.query of order T1 \(settle, first query\).* within \d+ ms/),
      },
    });
  });
});
