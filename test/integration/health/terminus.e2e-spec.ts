import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { HmacSha256Signer, PublicKeyVerifier, RsaSigner, type WxPayV3Options } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { eventually } from '../../support/assertions/eventually.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { degraded, down, UP, useProbedApp } from '../../support/harness/probed-app.js';

const probed = useProbedApp();
const other = rsaKeys();
const oneAttempt =
  (overrides: Partial<WxPayV3Options> = {}) =>
  (started: MockWxPayGateway) =>
    started.options({ maxAttempts: 1, ...overrides });

describe('WxPayHealthIndicator, probed over HTTP', () => {
  it('is up if the self-test passes', async () => {
    await probed.start();

    expect(await probed.app.probe()).toEqual(UP);
    expect([probed.echoes.length, probed.app.log]).toEqual([1, []]);
  });

  it('is up over APIv2', async () => {
    await probed.start((started) => started.optionsV2());

    expect(await probed.app.probe()).toEqual(UP);
    expect(probed.gateway.requests.map(({ operation }) => operation)).toEqual(['order.query']);
  });

  it('tests a service provider over APIv2 with a sub-merchant, and is degraded without one', async () => {
    await probed.start((started) => started.optionsV2(), { serviceProvider: true });

    const without = await probed.app.probe({ cacheMs: 0 });
    const withOne = await probed.app.probe({ cacheMs: 0, subMchid: '1900000109' });

    expect([without, withOne]).toEqual([degraded('no-sub-merchant'), UP]);
    expect(probed.app.log[0]).toMatch(/^warn: .* found: no-sub-merchant\. .* Pass the subMchid /);
  });

  describe('down', () => {
    it('for a private key that WeChat Pay does not know', async () => {
      await probed.start((started) => {
        const { merchantSerialNo: serialNo } = started.keys;
        return started.options({ signer: new RsaSigner({ privateKey: other.privatePem, serialNo }) });
      });

      expect(await probed.app.probe()).toEqual(down('credentials'));
      expect(probed.app.log).toEqual([
        expect.stringMatching(
          /^error: The health check of WeChat Pay merchant "default" found: credentials\. WeChat Pay refused security\.echo .*SIGN_ERROR/,
        ),
      ]);
    });

    it.each([true, false])('for a lacking permission, signed: %s', async (signed) => {
      await probed.start(oneAttempt());
      probed.gateway.next({ status: 403, code: 'NO_AUTH', signed });

      expect(await probed.app.probe()).toEqual(down('permission'));
    });

    it('for another public key under the identifier of WeChat Pay', async () => {
      await probed.start((started) => {
        const { publicKeyId } = started.keys;
        return oneAttempt({ verifier: new PublicKeyVerifier({ publicKey: other.publicPem, publicKeyId }) })(
          started,
        );
      });

      expect(await probed.app.probe()).toEqual(down('wrong-key'));
    });

    it('for replies with an unknown serial number', async () => {
      await probed.start(oneAttempt());
      probed.gateway.next({ fault: 'unknown-serial' });

      expect(await probed.app.probe()).toEqual(down('wrong-key'));
    });

    it('for a refused download of platform certificates', async () => {
      await probed.start(
        (started) => {
          const { merchantSerialNo: serialNo } = started.keys;
          const signer = new RsaSigner({ privateKey: other.privatePem, serialNo });
          return started.options({ signer, verifier: started.verifier('certificates', { signer }) });
        },
        { platformCertificates: true },
      );

      expect(await probed.app.probe()).toEqual(down('credentials'));
    });

    it('for a merchant that is not registered', async () => {
      await probed.start();
      const missing = expect.stringContaining('No WeChat Pay merchant is registered as "eu"');

      expect(await probed.app.probe({ merchant: 'eu' })).toEqual(down('configuration'));
      await probed.app.probe({ merchant: 'eu' });
      expect(probed.app.log).toEqual([missing]);

      await probed.app.probe();
      await probed.app.probe({ merchant: 'eu' });
      expect(probed.app.log).toEqual([missing, missing]);
    });

    it.each([{ timeoutMs: 0 }, { cacheMs: -1 }, { timeoutMs: Number.NaN }])(
      'for an invalid option: %j',
      async (options) => {
        await probed.start();

        expect(await probed.app.probe(options)).toEqual(down('configuration'));
        expect(probed.echoes).toEqual([]);
      },
    );

    it('over APIv2 for another key', async () => {
      const signer = new HmacSha256Signer({ key: 'x'.repeat(32) });
      await probed.start((started) => started.optionsV2({ signer }));

      expect(await probed.app.probe()).toEqual(down('credentials'));
    });
  });

  describe('strict', () => {
    it('is down in an outage', async () => {
      await probed.start(oneAttempt());
      await probed.gateway.goDown();

      expect(await probed.app.probe({ strict: true })).toEqual(down('unreachable'));
    });

    it('stays up, degraded, as long as the self-test passes', async () => {
      await probed.start();

      const answer = await probed.app.probe({ strict: true, reasons: () => ['tracking-lag'] });

      expect(answer).toEqual(degraded('tracking-lag'));
    });

    it('decides about a result that a check without it has made', async () => {
      await probed.start(oneAttempt());
      probed.gateway.next({ fault: 'reset' });

      const [lenient, strict] = [await probed.app.probe(), await probed.app.probe({ strict: true })];

      expect([lenient, strict]).toEqual([degraded('unreachable'), down('unreachable')]);
    });
  });

  describe('sharing results', () => {
    it('sends one self-test for 50 probes at the same time', async () => {
      await probed.start();
      const release = new AbortController();
      const reasons = async () => {
        if (!release.signal.aborted) await once(release.signal, 'abort');
        return [];
      };
      const terms = { cacheMs: 0, timeoutMs: 15_000, reasons };

      const probes = Array.from({ length: 50 }, () => probed.app.probe(terms));
      await eventually(() => expect(probed.app.received).toBe(50));
      release.abort();

      expect(await Promise.all(probes)).toEqual(Array.from({ length: 50 }, () => UP));
      expect(probed.echoes).toHaveLength(1);
    });

    it('uses a result again until its time is over', async () => {
      await probed.start();
      await probed.app.probe({ cacheMs: 600 });
      await probed.app.probe({ cacheMs: 600 });
      const atOnce = probed.echoes.length;

      await eventually(async () => {
        await probed.app.probe({ cacheMs: 600 });
        expect(probed.echoes.length).toBe(2);
      });

      expect(atOnce).toBe(1);
    });

    it('keeps the results of several merchants apart', async () => {
      await probed.start();
      const { publicKeyId } = probed.gateway.keys;
      const verifier = new PublicKeyVerifier({ publicKey: other.publicPem, publicKeyId });
      probed.app.merchants.register(
        'eu',
        probed.gateway.options({ verifier, sharedMchid: true, maxAttempts: 1 }),
      );

      const answers = [
        await probed.app.probe(),
        await probed.app.probe({ merchant: 'eu' }),
        await probed.app.probe(),
      ];

      expect(answers).toEqual([UP, down('wrong-key'), UP]);
      expect(probed.echoes).toHaveLength(2);
    });
  });
});
