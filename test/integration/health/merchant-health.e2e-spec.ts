import { afterEach, describe, expect, it } from '@jest/globals';
import { CombinedVerifier, WxPayConfigError, WxPayMerchants } from 'nestjs-wxpay';
import type { MockWxPayGateway, MockWxPayGatewayOptions } from 'nestjs-wxpay/testing';
import { useTwoHosts } from '../../support/harness/two-hosts.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const hosts = useTwoHosts();
const merchants = new WxPayMerchants();
const started: MockWxPayGateway[] = [];

async function start(options: MockWxPayGatewayOptions): Promise<MockWxPayGateway> {
  const gateway = await startGateway(options);
  started.push(gateway);
  return gateway;
}

afterEach(async () => {
  for (const name of merchants.names()) merchants.unregister(name);
  await Promise.all(started.splice(0).map((gateway) => gateway.stop()));
});

describe('WxPayMerchant.health', () => {
  it('names the preferred host, and nothing else before the first call', () => {
    const merchant = hosts.merchantWith();

    expect(merchant.health()).toStrictEqual({ host: hosts.main.url, isOnBackupHost: false });
  });

  it('names the backup host while the main host is unhealthy, and the main host after it replied', async () => {
    const clock = { ms: 0 };
    const merchant = hosts.merchantByClock(clock);
    await hosts.main.goDown();
    await merchant.selfTest();
    const afterOneFailure = merchant.health();
    await merchant.selfTest();
    const afterTwo = merchant.health();
    await hosts.main.comeBack();
    clock.ms += 180_000;

    await merchant.selfTest();

    expect(afterOneFailure).toMatchObject({ isOnBackupHost: false });
    expect(afterTwo).toMatchObject({ host: hosts.backup.url, isOnBackupHost: true });
    expect(merchant.health()).toMatchObject({ host: hosts.main.url, isOnBackupHost: false });
  });

  it.each(['v3', 'v2'] as const)(
    'is not changed by self-tests over API%s that wait less than payments',
    async (api) => {
      const merchant = api === 'v3' ? hosts.merchantWith() : hosts.v2MerchantWith();
      const test = async (): Promise<void> => {
        hosts.main.next({ delayMs: 2_000 });
        await merchant.selfTest({ timeoutMs: 1_400 });
      };

      await test();
      await test();

      expect(hosts.backup.requests).toHaveLength(2);
      expect(merchant.health()).toMatchObject({ host: hosts.main.url, isOnBackupHost: false });
    },
  );

  it('is changed by self-tests that wait as long as payments', async () => {
    const merchant = hosts.merchantWith({ attemptTimeoutMs: 400 });
    const test = async (): Promise<void> => {
      hosts.main.next({ delayMs: 2_000 });
      await merchant.selfTest();
    };

    await test();
    await test();

    expect(merchant.health()).toMatchObject({ isOnBackupHost: true });
  });

  it('leaves the next call its chance to try an unhealthy host again', async () => {
    const clock = { ms: 0 };
    const merchant = hosts.merchantByClock(clock);
    await hosts.main.goDown();
    await merchant.selfTest();
    await merchant.selfTest();
    await hosts.main.comeBack();
    clock.ms += 180_000;
    merchant.health();
    const before = hosts.main.requests.length;

    await merchant.selfTest();

    expect(hosts.main.requests.length).toBe(before + 1);
  });

  it.each([-120, 0, 240])('returns how far the clock of this machine is off: %i s', async (secondsAhead) => {
    const gateway = await start({ now: () => Date.now() + secondsAhead * 1000 });
    const merchant = merchants.register('off', gateway.options());

    await merchant.selfTest();

    const { clockOffsetMs = Number.NaN } = merchant.health();
    expect(clockOffsetMs).toBeGreaterThan(secondsAhead * 1000 - 4_000);
    expect(clockOffsetMs).toBeLessThanOrEqual(secondsAhead * 1000);
  });

  it('returns the expiry of the newest platform certificate once it is downloaded', async () => {
    const gateway = await start({ platformCertificates: true });
    const merchant = merchants.register(
      'v3',
      gateway.options({ verifier: gateway.verifier('certificates') }),
    );
    const before = merchant.health();

    await merchant.selfTest();

    expect(before).not.toHaveProperty('certificateExpiresAt');
    expect(merchant.health().certificateExpiresAt).toEqual(gateway.platformCertificates[0]?.expiresAt);
  });

  it('returns no expiry while the public key, which has none, verifies as well', async () => {
    const gateway = await start({ platformCertificates: true });
    const certificates = gateway.verifier('certificates');
    const both = merchants.register('both', gateway.options({ verifier: gateway.verifier('both') }));
    const combined = new CombinedVerifier([certificates]);
    const alone = merchants.register('alone', gateway.options({ verifier: combined, sharedMchid: true }));

    await Promise.all([both.selfTest(), alone.selfTest()]);

    expect(both.health()).not.toHaveProperty('certificateExpiresAt');
    expect(alone.health().certificateExpiresAt).toEqual(gateway.platformCertificates[0]?.expiresAt);
  });

  it('returns the expiry of the client certificate over APIv2', async () => {
    const gateway = await start({ https: true });

    const merchant = merchants.register('v2', gateway.optionsV2());

    const end = merchant.health().certificateExpiresAt?.getTime() ?? 0;
    expect(end).toBeGreaterThan(Date.now());
    expect(merchant.health()).not.toHaveProperty('clockOffsetMs');
  });

  it('throws for a merchant that is no longer registered', () => {
    const merchant = hosts.merchantWith();
    hosts.merchants.unregister(merchant.name);

    expect(() => merchant.health()).toThrow(WxPayConfigError);
  });
});
