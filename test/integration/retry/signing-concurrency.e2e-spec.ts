import { describe, expect, it } from '@jest/globals';
import { WxPaySigner, WxPayTransportError, type WxPayMerchant } from 'nestjs-wxpay';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox({}, { maxAttempts: 1 });

/** Signs when the test says so, with the key of the gateway's merchant. */
class HeldSigner extends WxPaySigner {
  readonly algorithm = 'WECHATPAY2-SHA256-RSA2048';
  readonly serialNo = sandbox.gateway.keys.merchantSerialNo;
  override readonly isLocal: boolean;
  /** The messages that wait for their signature, in the order in which they came. */
  readonly held: { readonly message: string; readonly release: () => void }[] = [];
  signatures = 0;
  readonly #own = sandbox.gateway.options().signer;

  constructor({ isLocal }: { readonly isLocal: boolean }) {
    super();
    this.isLocal = isLocal;
  }

  override async sign({ message }: { readonly message: string }): Promise<string> {
    await new Promise<void>((release) => this.held.push({ message, release }));
    this.signatures++;
    return this.#own.sign({ message });
  }

  /** @returns the number of the order whose signature was the oldest of those under way */
  release(): string | undefined {
    const next = this.held.shift();
    next?.release();
    return /out-trade-no\/(\w+)/.exec(next?.message ?? '')?.[1];
  }
}

/** Signs at once, in a class that the package does not know. */
class PromptSigner extends HeldSigner {
  override sign({ message }: { readonly message: string }): Promise<string> {
    return sandbox.gateway.options().signer.sign({ message });
  }
}

const query = ({ orderQuery }: WxPayMerchant, outTradeNo: string, timeoutMs = 10_000) => {
  if (sandbox.gateway.orders.get(outTradeNo) === undefined) {
    sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
  }
  return orderQuery.query({ outTradeNo }, { timeoutMs });
};

describe('signingConcurrency', () => {
  it('limits the signatures of all merchants of the app, in the order of their calls', async () => {
    const signer = new HeldSigner({ isLocal: true });
    const merchants = [1, 2].map(() => sandbox.merchantWith({ signer, signingConcurrency: 2 }));
    const numbers = ['A1', 'A2', 'A3', 'A4', 'A5'];
    const calls = numbers.map((no, index) => query(merchants[index % 2] ?? sandbox.merchant, no));

    const signed: (string | undefined)[] = [];
    for (let left = numbers.length; left > 0; left--) {
      await eventually(() => expect(signer.held).toHaveLength(Math.min(2, left)));
      signed.push(signer.release());
    }

    await expect(Promise.all(calls)).resolves.toHaveLength(5);
    expect(signed).toEqual(numbers);
  });

  it('does not limit a key service', async () => {
    const signer = new HeldSigner({ isLocal: false });
    const merchant = sandbox.merchantWith({ signer, signingConcurrency: 1 });
    const calls = ['B1', 'B2', 'B3'].map((no) => query(merchant, no));

    await eventually(() => expect(signer.held).toHaveLength(3));

    while (signer.held.length > 0) signer.release();
    await expect(Promise.all(calls)).resolves.toHaveLength(3);
  });

  it('ends a call whose time runs out while it waits, and names the wait', async () => {
    const signer = new HeldSigner({ isLocal: true });
    const merchant = sandbox.merchantWith({ signer, signingConcurrency: 1 });
    const first = query(merchant, 'C1');
    await eventually(() => expect(signer.held).toHaveLength(1));
    const second = query(merchant, 'C2', 40);
    const third = query(merchant, 'C3');

    const error = await failureOf(WxPayTransportError, second);
    signer.release();
    await eventually(() => expect(signer.held).toHaveLength(1));
    signer.release();

    expect(error.message).toContain('most of the time went into waiting to sign');
    await expect(first).resolves.toMatchObject({ outTradeNo: 'C1' });
    await expect(third).resolves.toMatchObject({ outTradeNo: 'C3' });
    expect(signer.signatures).toBe(2);
  });

  it('releases the permit of a signature that failed', async () => {
    const signer = new HeldSigner({ isLocal: true });
    const merchant = sandbox.merchantWith({ signer, signingConcurrency: 1 });
    const failing = query(merchant, 'D1', 40);
    const next = query(merchant, 'D2');

    await failureOf(WxPayTransportError, failing);

    await eventually(() => expect(signer.held).toHaveLength(2));
    while (signer.held.length > 0) signer.release();
    await expect(next).resolves.toMatchObject({ outTradeNo: 'D2' });
  });

  it('lets no hanging signer block the calls of other merchants', async () => {
    const hanging = new HeldSigner({ isLocal: true });
    const stuck = sandbox.merchantWith({ signer: hanging });
    const calls = ['E1', 'E2', 'E3', 'E4', 'E5', 'E6', 'E7', 'E8'].map((no) => query(stuck, no));
    await eventually(() => expect(hanging.held).toHaveLength(4));

    for (const merchant of [
      sandbox.merchant,
      sandbox.merchantWith({ signer: new PromptSigner({ isLocal: true }) }),
    ]) {
      await expect(query(merchant, 'E9', 2_000)).resolves.toMatchObject({ outTradeNo: 'E9' });
    }

    for (let left = calls.length; left > 0; left--) {
      await eventually(() => expect(hanging.held).toHaveLength(Math.min(4, left)));
      hanging.release();
    }
    await expect(Promise.all(calls)).resolves.toHaveLength(8);
  });
});
