import { HttpService } from '@nestjs/axios';
import { describe, expect, it } from '@jest/globals';
import { WxPaySigner, WxPayTransportError, type WxPayV3Options } from 'nestjs-wxpay';
import { NodeHttpClient } from '../../../lib/transport/http/node-http-client.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';
import { REFUSING } from '../../support/harness/two-hosts.js';
import { useWire } from '../../support/harness/wire.js';

const sandbox = useSandbox();
/** Longer than an attempt and the pause after it together. */
const TIMEOUT_MS = 1_000;
const NOTHING_SENT = 'Nothing was sent: repeat the call, or give it more time.';
const MAY_BE_DONE = 'It may have been carried out: query the order, or repeat the call.';

/** Signs so often, then hangs. */
class TiringSigner extends WxPaySigner {
  readonly algorithm: string;
  readonly serialNo: string;
  readonly #signer: WxPaySigner;
  #left: number;

  constructor(signer: WxPaySigner, times: number) {
    super();
    this.algorithm = signer.algorithm;
    this.serialNo = signer.serialNo;
    this.#signer = signer;
    this.#left = times;
  }

  override sign(input: { readonly message: string }): Promise<string> {
    return this.#left-- > 0 ? this.#signer.sign(input) : new Promise(() => undefined);
  }
}

/** Of an app that notes each answer in a store, which is gone. */
function withoutItsStore(): HttpService {
  const axiosRef = new HttpService().axiosRef.create({ proxy: false });
  axiosRef.interceptors.response.use(() => {
    throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' });
  });
  return new HttpService(axiosRef);
}

/** Why a close fails whose time runs out while its signer hangs. */
function closeWith(signatures: number, overrides: Partial<WxPayV3Options> = {}) {
  const { signer } = sandbox.gateway.options();
  const merchant = sandbox.merchantWith({ ...overrides, signer: new TiringSigner(signer, signatures) });
  return failureOf(
    WxPayTransportError,
    merchant.orderClose.close({ outTradeNo: 'T1' }, { timeoutMs: TIMEOUT_MS }),
  );
}

describe('a call that fails after one attempt', () => {
  const client = new NodeHttpClient({ maxSockets: 1 });
  const wire = useWire(() => client);

  it('reports an unknown outcome if an interceptor of the app could not connect to its store after the reply', async () => {
    const merchant = sandbox.merchantWith({ httpService: withoutItsStore(), maxAttempts: 1 });

    const error = await failureOf(WxPayTransportError, merchant.orderClose.close({ outTradeNo: 'T2' }));

    expect(error.message).toContain(`egress rules. ${MAY_BE_DONE}`);
  });

  it.each(['ETIMEDOUT', 'EHOSTUNREACH', 'EPROTO'])(
    'reports an unknown outcome if its connection broke with %s after it was sent',
    async (code) => {
      wire.server.answer(() => {
        for (const socket of Object.values(client.httpAgent.sockets).flat()) {
          socket?.destroy(Object.assign(new Error(`read ${code}`), { code }));
        }
      });

      const error = await failureOf(WxPayTransportError, wire.send());

      expect(error.message).toContain(`egress rules. ${MAY_BE_DONE}`);
    },
  );

  it('was not carried out if no host was found', async () => {
    const merchant = sandbox.merchantWith({ hosts: [REFUSING], maxAttempts: 1 });

    const error = await failureOf(WxPayTransportError, merchant.orderClose.close({ outTradeNo: 'T2' }));

    expect(error.message).toContain('Nothing was sent, as no connection could be made');
    expect(error.message).not.toContain('carried out');
  });
});

describe('a call that times out', () => {
  it('sent nothing while its first request was being signed', async () => {
    const error = await closeWith(0);

    expect(error.message).toBe(
      `WeChat Pay did not reply to order.close of order T1 within ${TIMEOUT_MS} ms (${new URL(sandbox.gateway.url).host}; most of the time went into signing). ${NOTHING_SENT}`,
    );
    expect(error.timedOut).toBe(true);
  });

  it('sent nothing while another call took its place in flight', async () => {
    sandbox.gateway.next({ fault: 'hang' });
    const { orderClose } = sandbox.merchantWith({ maxInFlight: 1 });
    const caller = new AbortController();
    const first = orderClose.close({ outTradeNo: 'T2' }, { signal: caller.signal });

    const error = await failureOf(
      WxPayTransportError,
      orderClose.close({ outTradeNo: 'T1' }, { timeoutMs: 100 }),
    );
    caller.abort('left');

    await expect(first).rejects.toBe('left');
    expect(error).toMatchObject({ attempts: 0, hosts: [], timedOut: true });
    expect(error.message).toMatch(
      /waiting for other calls\)\. Nothing was sent: make fewer calls at a time, or give them more time\.$/,
    );
  });

  it('sent nothing if the host refused the connection', async () => {
    const error = await closeWith(1, { hosts: [REFUSING, sandbox.gateway.url] });

    expect(error.message).toContain('2 attempts; most of the time went into signing');
    expect(error.message).toContain(NOTHING_SENT);
  });

  it('reports an unknown outcome if an interceptor of the app could not connect to its store after the reply', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'T1', amount: { total: 1 } });

    const error = await closeWith(1, { httpService: withoutItsStore() });

    expect(sandbox.gateway.orders.get('T1')?.tradeState).toBe('CLOSED');
    expect(error.message).toContain('2 attempts; most of the time went into signing');
    expect(error.message).toContain(MAY_BE_DONE);
  });

  it.each(['reset', 'hang'] as const)(
    'reports an unknown outcome if an earlier request ended in %s',
    async (fault) => {
      sandbox.gateway.next({ fault });

      const error = await closeWith(1, {
        hosts: [sandbox.gateway.url, REFUSING],
        attemptTimeoutMs: TIMEOUT_MS / 2,
      });

      expect(error.message).toContain('2 attempts; ');
      expect(error.message).toContain(MAY_BE_DONE);
    },
  );

  it('reports an unknown outcome if an earlier request was sent and a later one found no host', async () => {
    sandbox.gateway.next({ fault: 'reset' });

    const error = await closeWith(2, { hosts: [sandbox.gateway.url, REFUSING] });

    expect(error.message).toContain('3 attempts; ');
    expect(error.message).toContain(MAY_BE_DONE);
  });
});
