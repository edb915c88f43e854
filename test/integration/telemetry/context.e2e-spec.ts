import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WXPAY_CALL_CHANNEL, WxPaySigner, type CallEvent } from 'nestjs-wxpay';
import { useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();
const channel = tracingChannel<unknown, CallEvent>(WXPAY_CALL_CHANNEL);
const bound = new AsyncLocalStorage<unknown>();
const ofApp = new AsyncLocalStorage<string>();
afterEach(() => void channel.start.unbindStore(bound));

/** A signer of the app that notes the stores that it runs in. */
class NotingSigner extends WxPaySigner {
  readonly stores: unknown[] = [];
  readonly #signer: WxPaySigner;

  constructor(signer: WxPaySigner) {
    super();
    this.#signer = signer;
  }

  override get algorithm() {
    return this.#signer.algorithm;
  }

  override get serialNo() {
    return this.#signer.serialNo;
  }

  override sign(input: { readonly message: string }): Promise<string> {
    this.stores.push([ofApp.getStore(), bound.getStore()]);
    return this.#signer.sign(input);
  }
}

describe('stores of AsyncLocalStorage', () => {
  it('are those of the caller within each attempt and after the call', async () => {
    hosts.main.next({ fault: 'reset', handled: false });
    const signer = new NotingSigner(hosts.main.options().signer);
    const { orderQuery } = hosts.merchantWith({ signer });

    const after = await ofApp.run('request 1', async () => {
      await orderQuery.query({ outTradeNo: 'T1' });
      return ofApp.getStore();
    });

    expect(signer.stores).toEqual([
      ['request 1', undefined],
      ['request 1', undefined],
    ]);
    expect(after).toBe('request 1');
  });

  it('bound to the start of a call hold during all its attempts, and not for the caller', async () => {
    hosts.main.next({ fault: 'reset', handled: false });
    const signer = new NotingSigner(hosts.main.options().signer);
    const { orderQuery } = hosts.merchantWith({ signer });
    channel.start.bindStore(bound, ({ operation }) => operation);

    const after = await ofApp.run('request 2', async () => {
      await orderQuery.query({ outTradeNo: 'T1' });
      return bound.getStore();
    });

    expect(signer.stores).toEqual([
      ['request 2', 'order.query'],
      ['request 2', 'order.query'],
    ]);
    expect(after).toBeUndefined();
  });

  it('are those of each call, although calls wait for one another', async () => {
    const signer = new NotingSigner(hosts.main.options().signer);
    const { orderQuery } = hosts.merchantWith({ signer, maxInFlight: 1 });

    await Promise.all(
      ['a', 'b', 'c'].map((name) => ofApp.run(name, () => orderQuery.query({ outTradeNo: 'T1' }))),
    );

    expect(signer.stores).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', undefined],
    ]);
  });
});
