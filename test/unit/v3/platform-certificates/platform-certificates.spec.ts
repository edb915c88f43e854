import { describe, expect, it } from '@jest/globals';
import { sign } from 'node:crypto';
import { PublicKeyVerifier } from '../../../../lib/crypto/public-key-verifier.js';
import { PlatformCertificates } from '../../../../lib/v3/platform-certificates/platform-certificates.js';
import { rsaKeys } from '../../../support/fixtures/rsa-keys.js';

const { publicPem, privatePem } = rsaKeys();
const certificate = (serialNo: string, effectiveAt: number, expiresAt = 1_000) => ({
  serialNo,
  effectiveAt,
  expiresAt,
  verifier: new PublicKeyVerifier({ publicKey: publicPem, publicKeyId: serialNo.padStart(40, '0') }),
});

describe('PlatformCertificates', () => {
  it('lists the newest first, in any order of the download', () => {
    const [oldest, middle, newest] = [certificate('1A', 100), certificate('2B', 200), certificate('3C', 300)];

    for (const list of [
      [oldest, middle, newest],
      [newest, middle, oldest],
      [middle, newest, oldest],
    ]) {
      expect(new PlatformCertificates(list, () => 500).serialNos).toEqual(['3C', '2B', '1A']);
    }
  });

  it('requests a certificate from the moment at which it takes effect', async () => {
    let now = 199;
    const certificates = new PlatformCertificates(
      [certificate('1A', 100), certificate('2B', 200)],
      () => now,
    );

    const before = await certificates.acceptedSerialNo();
    now = 200;
    const then = await certificates.acceptedSerialNo();

    expect([before, then]).toEqual(['1A', '2B']);
  });

  it('returns the latest expiry of the certificates, also once it is past', () => {
    const list = [certificate('1A', 100, 1_000), certificate('2B', 200, 2_000)];

    const ends = [500, 1_500, 2_500].map((now) => new PlatformCertificates(list, () => now).expiresAt());

    expect(ends).toEqual([new Date(2_000), new Date(2_000), new Date(2_000)]);
    expect(new PlatformCertificates([], () => 0).expiresAt()).toBeUndefined();
  });

  it('requests none while none is in effect', async () => {
    const certificates = new PlatformCertificates([certificate('1A', 100)], () => 99);

    await expect(certificates.acceptedSerialNo()).resolves.toBeUndefined();
    expect(certificates.has('1A')).toBe(true);
  });

  it('keeps a certificate until the moment at which it expires', async () => {
    let now = 999;
    const certificates = new PlatformCertificates([certificate('1A', 100, 1_000)], () => now);
    const message = 'message';
    const signature = sign('sha256', Buffer.from(message), privatePem).toString('base64');
    const judge = () => certificates.verify({ message, signature, serialNo: '1A' });

    await expect(judge()).resolves.toBe(true);
    now = 1_000;

    await expect(judge()).rejects.toMatchObject({ code: 'WXPAY_SIGNATURE', reason: 'unknown-serial' });
    await expect(certificates.acceptedSerialNo()).resolves.toBeUndefined();
    expect(certificates.has('1A')).toBe(false);
  });
});
