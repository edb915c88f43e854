import { describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import {
  type CallOptions,
  WxPaySigner,
  WxPayTransportError,
  WxPayVerifier,
  type VerifyInput,
} from 'nestjs-wxpay';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

// What is tested is the deadline, however many attempts it has room for.
const sandbox = useSandbox({}, { maxAttempts: 1 });

class StuckSigner extends WxPaySigner {
  readonly algorithm = 'WECHATPAY2-SHA256-RSA2048';
  readonly serialNo = 'ABCDEF';
  seen?: AbortSignal;

  override sign({ signal }: { readonly signal?: AbortSignal }): Promise<string> {
    this.seen = signal;
    return new Promise(() => undefined);
  }
}

class FailingSigner extends StuckSigner {
  override sign(): Promise<string> {
    return Promise.reject(new Error('KMS says no -----BEGIN PRIVATE KEY-----\nMIIE'));
  }
}

class StuckVerifier extends WxPayVerifier {
  override acceptedSerialNo(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  override verify(_: VerifyInput): Promise<boolean> {
    return new Promise(() => undefined);
  }
}

describe('a call over APIv3', () => {
  it('ends after timeoutMs when WeChat Pay hangs, and names the slowest step', async () => {
    sandbox.gateway.next({ fault: 'hang' });

    const error = await failureOf(
      WxPayTransportError,
      sandbox.merchant.orderQuery.query({ outTradeNo: 'T1' }, { timeoutMs: 400 }),
    );

    const { host } = new URL(sandbox.gateway.url);
    expect(error).toMatchObject({ timedOut: true, hosts: [host], attempts: 1, retryable: true });
    expect(error.message).toBe(
      `WeChat Pay did not reply to order.query of order T1 within 400 ms (${host}; most of the time went into sending). ` +
        'If that happens often, give the call more time.',
    );
  });

  it('ends after the timeoutMs of its merchant by default', async () => {
    sandbox.gateway.next({ fault: 'hang' });
    const merchant = sandbox.merchantWith({ timeoutMs: 50 });

    const error = await failureOf(WxPayTransportError, merchant.orderClose.close({ outTradeNo: 'T1' }));

    expect(error.message).toContain('within 50 ms');
  });

  it('counts the time of a signer that hangs, and aborts its signal', async () => {
    const signer = new StuckSigner();
    const merchant = sandbox.merchantWith({ signer });

    const error = await failureOf(
      WxPayTransportError,
      merchant.orderQuery.query({ outTradeNo: 'T1' }, { timeoutMs: 40 }),
    );

    expect(error.message).toContain('most of the time went into signing');
    expect(signer.seen?.aborted).toBe(true);
  });

  it('counts the time of a verifier that hangs', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'verify', amount: { total: 1 } });
    const merchant = sandbox.merchantWith({ verifier: new StuckVerifier() });

    const error = await failureOf(
      WxPayTransportError,
      merchant.orderQuery.query({ outTradeNo: 'verify' }, { timeoutMs: 4_000 }),
    );

    expect(error.message).toContain('most of the time went into verifying');
  });

  it('names a failed signer, without its secrets, if nothing could be sent', async () => {
    const before = sandbox.gateway.requests.length;
    const merchant = sandbox.merchantWith({ signer: new FailingSigner() });

    const error = await failureOf(WxPayTransportError, merchant.orderQuery.query({ outTradeNo: 'T1' }));

    expect(error.message).toBe(
      'The signer failed during order.query of order T1 (KMS says no [pem]). Check the key service that it uses.',
    );
    expect(error.timedOut).toBe(false);
    expect(sandbox.gateway.requests).toHaveLength(before);
  });

  it('names a signer that throws before it returns a promise', async () => {
    class ThrowingSigner extends StuckSigner {
      override sign(): never {
        throw new Error('no session with the KMS');
      }
    }
    const merchant = sandbox.merchantWith({ signer: new ThrowingSigner() });

    const error = await failureOf(WxPayTransportError, merchant.orderQuery.query({ outTradeNo: 'T1' }));

    expect(error.message).toContain(
      'The signer failed during order.query of order T1 (no session with the KMS).',
    );
  });

  it.each([undefined, '', 'not base64!', 'bGluZXM=\nbGluZXM=', Buffer.from('c2ln')])(
    'names a signer that returns %j',
    async (signature) => {
      class FaultySigner extends StuckSigner {
        override async sign(): Promise<string> {
          return signature as string;
        }
      }
      const before = sandbox.gateway.requests.length;
      const merchant = sandbox.merchantWith({ signer: new FaultySigner() });

      const error = await failureOf(WxPayTransportError, merchant.orderQuery.query({ outTradeNo: 'T1' }));

      expect(error.message).toContain(
        'The signer failed during order.query of order T1 (it did not return a base64 string).',
      );
      expect(sandbox.gateway.requests).toHaveLength(before);
    },
  );

  it('rejects with the reason of the signal, like fetch', async () => {
    const caller = new AbortController();
    sandbox.gateway.next({ fault: 'hang' });
    const running = sandbox.merchant.orderQuery.query({ outTradeNo: 'T1' }, { signal: caller.signal });
    const reason = new Error('the customer left');

    caller.abort(reason);

    await expect(running).rejects.toBe(reason);
  });

  it('closes its connection when the caller aborts', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => {
      sockets.add(socket);
      socket.on('data', () => undefined).on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const caller = new AbortController();
    const merchant = sandbox.merchantWith({ hosts: [`http://127.0.0.1:${port}`] });
    const running = merchant.orderQuery.query({ outTradeNo: 'T1' }, { signal: caller.signal });
    await eventually(() => expect(sockets.size).toBe(1));

    caller.abort('gone');

    await expect(running).rejects.toBe('gone');
    await eventually(() => expect(sockets.size).toBe(0));
    silent.close();
  });

  it.each([{ timeoutMs: 0 }, { signal: 'x' }])(
    'refuses the options %j before anything is sent',
    async (options) => {
      const before = sandbox.gateway.requests.length;

      for (const call of [
        sandbox.merchant.orderQuery.query({ outTradeNo: 'T1' }, options as CallOptions),
        sandbox.merchant.orderClose.close({ outTradeNo: 'T1' }, options as CallOptions),
      ]) {
        await expect(call).rejects.toMatchObject({ code: 'WXPAY_INPUT' });
      }

      expect(sandbox.gateway.requests).toHaveLength(before);
    },
  );

  it('sends nothing for a signal that is already aborted', async () => {
    const before = sandbox.gateway.requests.length;

    const running = sandbox.merchant.orderQuery.query(
      { outTradeNo: 'T1' },
      { signal: AbortSignal.abort('gone') },
    );

    await expect(running).rejects.toBe('gone');
    expect(sandbox.gateway.requests).toHaveLength(before);
  });
});
