import { describe, expect, it } from '@jest/globals';
import { RsaSigner, WxPayApiError, WxPayTransportError, type WxPayMerchant } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();
const THREE_MINUTES = 180_000;

/** The host that each of the last requests reached, in the order of their arrival. */
function reached(count: number): string[] {
  const from = (name: string, { requests }: MockWxPayGateway) =>
    requests.map(({ receivedAt }) => ({ name, receivedAt: Number(receivedAt) }));
  return [...from('main', hosts.main), ...from('backup', hosts.backup)]
    .toSorted((one, other) => one.receivedAt - other.receivedAt)
    .slice(-count)
    .map(({ name }) => name);
}

const asked = () => [hosts.main.requests.length, hosts.backup.requests.length];
const query = (merchant: WxPayMerchant) => merchant.orderQuery.query({ outTradeNo: 'T1' });

async function queryTimes(merchant: WxPayMerchant, times: number): Promise<void> {
  for (let call = 0; call < times; call++) await query(merchant);
}

/** Lets a host fail that many times, in a way that is its own fault whatever the connection has been through. */
function fail(host: MockWxPayGateway, times: number): void {
  for (let call = 0; call < times; call++) host.next({ fault: 'html', status: 502 });
}

/** Counts attempts where no host does: each is signed. */
class CountingSigner extends RsaSigner {
  signed = 0;

  override sign(input: { readonly message: string }): Promise<string> {
    this.signed++;
    return super.sign(input);
  }
}

describe('failover, with a main host that is dead for hours', () => {
  it('tries it twice, then once in three minutes, and completes every call', async () => {
    const clock = { ms: 0 };
    const merchant = hosts.merchantByClock(clock);
    fail(hosts.main, 100);

    await queryTimes(merchant, 20);
    const first = asked();
    clock.ms += THREE_MINUTES - 1;
    await queryTimes(merchant, 20);
    const before = asked();
    clock.ms += 1;
    await queryTimes(merchant, 20);
    const after = asked();
    clock.ms += 10 * THREE_MINUTES;
    await Promise.all(Array.from({ length: 20 }, () => query(merchant)));

    expect([first, before, after, asked()]).toEqual([
      [2, 20],
      [2, 40],
      [3, 60],
      [4, 80],
    ]);
  });

  it('returns all calls to it after its first reply', async () => {
    const clock = { ms: 0 };
    const merchant = hosts.merchantByClock(clock);
    fail(hosts.main, 2);
    await queryTimes(merchant, 10);
    const whileUnhealthy = asked();
    clock.ms += THREE_MINUTES;

    await queryTimes(merchant, 10);

    expect(whileUnhealthy).toEqual([2, 10]);
    expect(asked()).toEqual([12, 10]);
  });
});

describe('failover, of requests that must not be repeated', () => {
  const post = (merchant: WxPayMerchant) =>
    merchant.client.request({
      method: 'POST',
      path: '/v3/pay/transactions/out-trade-no/T1/close',
      body: { mchid: merchant.mchid },
    });

  it('returns to the main host after the recovery time', async () => {
    const clock = { ms: 0 };
    const merchant = hosts.merchantByClock(clock);
    fail(hosts.main, 2);
    for (let call = 0; call < 2; call++) await failureOf(WxPayTransportError, post(merchant));
    await post(merchant);
    const whileUnhealthy = asked();
    clock.ms += THREE_MINUTES;

    for (let call = 0; call < 3; call++) await post(merchant);

    expect(whileUnhealthy).toEqual([2, 1]);
    expect(asked()).toEqual([5, 1]);
  });

  it('returns to the main host although downloads from one other host go on', async () => {
    const clock = { ms: 0 };
    const merchant = hosts.merchantByClock(clock);
    fail(hosts.main, 2);
    for (let call = 0; call < 2; call++) await failureOf(WxPayTransportError, post(merchant));
    clock.ms += THREE_MINUTES / 2;
    hosts.backup.next({ status: 403, code: 'NO_AUTH' });
    await failureOf(WxPayApiError, merchant.client.download({ url: `${hosts.backup.url}/v3/bill` }));
    clock.ms += THREE_MINUTES / 2;

    await post(merchant);

    expect(reached(2)).toEqual(['backup', 'main']);
  });

  it('completes every request while the main host refuses connections', async () => {
    const clock = { ms: 0 };
    const merchant = hosts.merchantByClock(clock);
    await hosts.main.goDown();

    for (let call = 0; call < 10; call++) {
      await post(merchant);
      clock.ms += THREE_MINUTES;
    }

    expect(hosts.backup.requests).toHaveLength(10);
  });
});

describe('failover, with both hosts dead and back', () => {
  it('completes the next calls at the first attempt', async () => {
    const merchant = hosts.merchantByClock({ ms: 0 });
    fail(hosts.main, 4);
    fail(hosts.backup, 4);
    const failures = [0, 1].map(() => failureOf(WxPayTransportError, query(merchant)));
    for (const failure of failures) expect((await failure).attempts).toBe(4);

    await queryTimes(merchant, 5);

    expect(hosts.main.requests.length + hosts.backup.requests.length).toBe(13);
  });

  it('completes a call that began while they were dead', async () => {
    const { merchantPrivateKey: privateKey, merchantSerialNo: serialNo } = hosts.main.keys;
    const signer = new CountingSigner({ privateKey, serialNo });
    const merchant = hosts.merchantWith({ signer, maxAttempts: 50, timeoutMs: 8_000 });
    await Promise.all([hosts.main.goDown(), hosts.backup.goDown()]);
    const call = query(merchant);
    await eventually(() => expect(signer.signed).toBeGreaterThan(4));

    await hosts.main.comeBack();

    await expect(call).resolves.toMatchObject({ outTradeNo: 'T1' });
  });
});

describe('failover, with a host that fails now and then', () => {
  it('stays with the host between the failures', async () => {
    const merchant = hosts.merchantByClock({ ms: 0 });
    for (let round = 0; round < 5; round++) {
      fail(hosts.main, 1);
      await queryTimes(merchant, 2);
    }

    expect(asked()).toEqual([10, 5]);
    expect(reached(3)).toEqual(['main', 'backup', 'main']);
  });
});
