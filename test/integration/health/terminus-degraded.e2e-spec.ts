import { describe, expect, it } from '@jest/globals';
import { WxPayVerifier, type VerifyInput } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { degraded, UP, useProbedApp } from '../../support/harness/probed-app.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const probed = useProbedApp();
const oneAttempt = () => (started: MockWxPayGateway) => started.options({ maxAttempts: 1 });

describe('WxPayHealthIndicator, probed over HTTP, is degraded', () => {
  it('in an outage, and up again after it', async () => {
    await probed.start(oneAttempt());
    await probed.gateway.goDown();
    const inOutage = await probed.app.probe({ cacheMs: 0 });
    await probed.gateway.comeBack();

    const afterwards = await probed.app.probe({ cacheMs: 0 });

    expect([inOutage, afterwards]).toEqual([degraded('unreachable'), UP]);
    expect(probed.app.log).toEqual([
      expect.stringContaining('found: unreachable. WeChat Pay could not be reached'),
      'log: The health check of WeChat Pay merchant "default" passes again.',
    ]);
  });

  it('on the backup host', async () => {
    const backup = await startGateway();
    await backup.stop();
    await probed.start((started) => started.options({ hosts: [backup.url, started.url] }));

    const first = await probed.app.probe({ cacheMs: 0 });

    expect(first).toEqual(UP);
    expect(await probed.app.probe({ cacheMs: 0 })).toEqual(degraded('backup-host'));
  });

  it.each([61, -61])('with a clock that is off by a minute: %i s', async (seconds) => {
    await probed.start(undefined, {
      now: () => Date.now() + seconds * 1_000 + (seconds > 0 ? 5_000 : -5_000),
    });

    expect(await probed.app.probe()).toEqual(degraded('clock-skew'));
  });

  it('with replies dated more than five minutes off', async () => {
    await probed.start(oneAttempt());
    probed.gateway.next({ fault: 'timestamp', secondsOff: 400 });

    expect(await probed.app.probe()).toEqual(degraded('clock-skew'));
  });

  it.each([10, -10])(
    'with a clock that is off by %i minutes, so that WeChat Pay refuses all calls',
    async (minutes) => {
      await probed.start(undefined, { now: () => Date.now() + minutes * 60_000 });

      expect(await probed.app.probe()).toEqual(degraded('clock-skew'));
      const { clockOffsetMs = 0 } = probed.app.merchants.get().health();
      expect(Math.abs(clockOffsetMs - minutes * 60_000)).toBeLessThan(5_000);
    },
  );

  it('with a clock that is off by ten minutes, so that the download of platform certificates fails', async () => {
    await probed.start(
      (started) => started.options({ verifier: started.verifier('certificates', { now: Date.now }) }),
      {
        now: () => Date.now() + 600_000,
        platformCertificates: true,
      },
    );

    expect(await probed.app.probe()).toEqual(degraded('clock-skew'));
  });

  it.each([
    ['unsigned', 'unverified'],
    ['probe', 'unverified'],
    ['html', 'unreachable'],
  ] as const)('after a reply that is %s: %s', async (fault, reason) => {
    await probed.start(oneAttempt());
    probed.gateway.next({ fault });

    expect(await probed.app.probe()).toEqual(degraded(reason));
  });

  it.each([
    [429, 'RATELIMIT_EXCEEDED', 'rate-limited'],
    [500, 'SYSTEM_ERROR', 'gateway'],
  ])('after a refusal that may pass: %i %s', async (status, code, reason) => {
    await probed.start(oneAttempt());
    probed.gateway.next({ status, code });

    expect(await probed.app.probe()).toEqual(degraded(reason));
  });

  it('with a verified reply that contradicts the documentation', async () => {
    await probed.start(oneAttempt());
    probed.gateway.next({ reply: { status: 200, body: { echo_message: 'another' } } });

    expect(await probed.app.probe()).toEqual(degraded('unexpected-reply'));
  });

  it.each([
    [9, degraded('certificate')],
    [11, UP],
  ])('only if the certificate expires within ten days: %i days left', async (days, expected) => {
    await probed.start((started) => started.options({ verifier: new EndingVerifier(started, days) }));

    expect(await probed.app.probe()).toEqual(expected);
  });

  it('for the reasons of the app', async () => {
    await probed.start();
    const reasons = async () => ['tracking-lag'];

    expect(await probed.app.probe({ reasons })).toEqual(degraded('tracking-lag'));
  });

  it('if the reasons of the app reject', async () => {
    await probed.start();
    const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
    const reasons = () => Promise.reject(new Error(`Redis is away: no row {"openid":"${openid}"}`));

    expect(await probed.app.probe({ reasons })).toEqual(degraded('reasons-failed'));
    expect(probed.app.log).toEqual([expect.stringContaining('The option reasons failed: Redis is away')]);
    expect(probed.app.log.join()).not.toContain(openid);
  });

  it('if the function `reasons` of the app does not end in time', async () => {
    await probed.start();
    const reasons = () => new Promise<string[]>(() => undefined);

    expect(await probed.app.probe({ reasons, timeoutMs: 300 })).toEqual(degraded('reasons-failed'));
  });

  it('if WeChat Pay does not reply in time', async () => {
    await probed.start();
    probed.gateway.next({ fault: 'hang' });
    probed.gateway.next({ fault: 'hang' });
    const before = performance.now();

    const answer = await probed.app.probe({ timeoutMs: 200 });

    expect(answer).toEqual(degraded('unreachable'));
    expect(performance.now() - before).toBeLessThan(2_900);
  });
});

/** Verifier whose key ends in some days. */
class EndingVerifier extends WxPayVerifier {
  readonly #verifier: WxPayVerifier;
  readonly #days: number;

  constructor(started: MockWxPayGateway, days: number) {
    super();
    this.#verifier = started.verifier('public-key');
    this.#days = days;
  }

  override acceptedSerialNo(): Promise<string | undefined> {
    return this.#verifier.acceptedSerialNo();
  }

  override verify(input: VerifyInput): Promise<boolean> {
    return this.#verifier.verify(input);
  }

  override expiresAt(): Date {
    return new Date(Date.now() + this.#days * 86_400_000);
  }
}
