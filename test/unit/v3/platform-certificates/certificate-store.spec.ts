import { describe, expect, it } from '@jest/globals';
import { WxPayConfigError } from '../../../../lib/errors/wxpay-config-error.js';
import { CertificateStore } from '../../../../lib/v3/platform-certificates/certificate-store.js';
import { PlatformCertificates } from '../../../../lib/v3/platform-certificates/platform-certificates.js';
import { PublicKeyVerifier } from '../../../../lib/crypto/public-key-verifier.js';
import { rsaKeys } from '../../../support/fixtures/rsa-keys.js';

const verifier = new PublicKeyVerifier({
  publicKey: rsaKeys().publicPem,
  publicKeyId: '4A'.padStart(40, '0'),
});
const certificate = { serialNo: '4A', effectiveAt: 0, expiresAt: Infinity, verifier };

interface World {
  now: number;
  downloads: number;
  /** What downloads fail with. */
  failure?: Error;
}

/** A store in virtual time, whose every download brings the same certificate. */
function createStore() {
  const world: World = { now: 1_000_000, downloads: 0 };
  const now = (): number => world.now;
  const store = new CertificateStore({
    mchid: '1900000001',
    now,
    download: () => {
      world.downloads++;
      return world.failure === undefined
        ? Promise.resolve(new PlatformCertificates([certificate], now))
        : Promise.reject(world.failure);
    },
  });
  return { world, store };
}

describe('CertificateStore', () => {
  it('forgets the oldest of more than a thousand unlisted serial numbers', async () => {
    const { world, store } = createStore();
    const serials = Array.from({ length: 1_500 }, (_, index) => `B${index}`);
    const first = store.current();
    await Promise.all([first, ...serials.map((serialNo) => store.including(serialNo))]);
    expect(world.downloads).toBe(2);

    world.now += 31_000;
    await store.including('B1499');
    await store.including('B500');
    expect(world.downloads).toBe(2);

    await store.including('B499');
    expect(world.downloads).toBe(3);
  });

  it('downloads once for the first callers of either kind', async () => {
    const { world, store } = createStore();

    await Promise.all([store.current(), store.including('4A'), store.current()]);

    expect(world.downloads).toBe(1);
    expect(store.size).toBe(1);
  });

  it('repeats a failed refresh after half a minute, and not before', async () => {
    const { world, store } = createStore();
    await store.current();
    world.now += 10 * 3_600_000;
    world.failure = new Error('down');

    const counts: number[] = [];
    for (const seconds of [0, 1, 28, 1, 29, 1]) {
      world.now += seconds * 1_000;
      await store.current();
      await new Promise(setImmediate);
      counts.push(world.downloads);
    }

    expect(counts).toEqual([2, 2, 2, 3, 3, 4]);
  });

  it('looks a serial number up again half a minute after a failed download', async () => {
    const { world, store } = createStore();
    await store.current();
    world.failure = new Error('down');
    await expect(store.including('B1')).rejects.toMatchObject({ reason: 'unknown-serial' });

    world.now += 30_000;
    world.failure = undefined;
    await store.including('B1');

    expect(world.downloads).toBe(3);
  });

  it('looks up one serial number at a time', async () => {
    const { world, store } = createStore();
    await store.current();

    await store.including('B1');
    await store.including('B2');

    expect(world.downloads).toBe(2);
  });

  it('looks an unlisted serial number up again after five minutes, and not before', async () => {
    const { world, store } = createStore();
    await store.current();
    await store.including('B1');

    world.now += 299_999;
    await store.including('B1');
    expect(world.downloads).toBe(2);

    world.now += 1;
    await store.including('B1');
    expect(world.downloads).toBe(3);
  });

  it('repeats a configuration fault for half a minute without another download', async () => {
    const { world, store } = createStore();
    const hopeless = new WxPayConfigError(['mchid 1900000001 has no platform certificate.']);
    world.failure = hopeless;

    const counts: number[] = [];
    for (const seconds of [0, 29, 1, 0]) {
      world.now += seconds * 1_000;
      await expect(store.current()).rejects.toBe(hopeless);
      counts.push(world.downloads);
    }

    expect(counts).toEqual([1, 1, 2, 2]);
  });

  it('makes a foreign error safe before it publishes or throws it', async () => {
    const store = new CertificateStore({
      mchid: '1900000001',
      now: () => 0,
      download: () => Promise.reject(new Error(`KMS: ${'k3Y'.repeat(40)}`)),
    });

    await expect(store.current()).rejects.toThrow('KMS: [secret]');
  });
});
