import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';
import { Rsa } from 'wechatpay-axios-plugin';
import { CombinedVerifier } from '../../../lib/crypto/combined-verifier.js';
import { PublicKeyVerifier } from '../../../lib/crypto/public-key-verifier.js';
import { RsaSigner } from '../../../lib/crypto/rsa-signer.js';
import { WxPayVerifier } from '../../../lib/crypto/verifier.js';
import { PlatformCertificates } from '../../../lib/v3/platform-certificates/platform-certificates.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const keys = rsaKeys();
const publicKeyId = 'PUB_KEY_ID_0119000072912024';
const verifier = new PublicKeyVerifier({ publicKey: keys.publicPem, publicKeyId });
const signer = new RsaSigner({ privateKey: keys.privatePem, serialNo: '4A' });

/** Decrypts with OpenSSL directly. */
function opened(ciphertext: string, oaepHash = 'sha1'): string {
  const key = { key: keys.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
  return privateDecrypt(key, Buffer.from(ciphertext, 'base64')).toString();
}

function sealed(text: string | Buffer, oaepHash = 'sha1'): string {
  const key = { key: keys.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
  return publicEncrypt(key, Buffer.from(text)).toString('base64');
}

/** Verifier of an app, which has only what a verifier must have. */
class PlainVerifier extends WxPayVerifier {
  override acceptedSerialNo(): Promise<string> {
    return Promise.resolve('PLAIN');
  }

  override verify(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

const certificateOf = (serialNo: string, effectiveAt: number) => ({
  serialNo,
  effectiveAt,
  expiresAt: 1_000,
  verifier: new PublicKeyVerifier({ publicKey: keys.publicPem, publicKeyId: serialNo.padStart(40, '0') }),
});

describe('PublicKeyVerifier.encrypt', () => {
  it('encrypts so that another implementation decrypts it', async () => {
    const { ciphertext, serialNo } = await verifier.encrypt({ text: '张三' });

    expect(Rsa.decrypt(ciphertext, keys.privatePem)).toBe('张三');
    expect(opened(ciphertext)).toBe('张三');
    expect(serialNo).toBe(publicKeyId);
  });

  it('encrypts with SHA-1, not with another digest', async () => {
    const { ciphertext } = await verifier.encrypt({ text: '张三' });

    expect(() => opened(ciphertext, 'sha256')).toThrow();
  });

  it('encrypts any text, each time differently', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), async (text) => {
        fc.pre(Buffer.byteLength(text) <= 214);
        const [one, other] = await Promise.all([verifier.encrypt({ text }), verifier.encrypt({ text })]);

        expect(opened(one.ciphertext)).toBe(text);
        expect(one.ciphertext).not.toBe(other.ciphertext);
      }),
      { numRuns: 20 },
    );
  });

  it('encrypts 214 bytes and refuses 215', async () => {
    const { ciphertext } = await verifier.encrypt({ text: 'x'.repeat(214) });

    expect(opened(ciphertext)).toHaveLength(214);
    await expect(verifier.encrypt({ text: 'x'.repeat(215) })).rejects.toMatchObject({
      code: 'WXPAY_INPUT',
      field: 'text',
      message: 'text must have at most 214 bytes of UTF-8; it has 215.',
    });
  });
});

describe('RsaSigner.decrypt', () => {
  it('decrypts what another implementation encrypted', async () => {
    await expect(signer.decrypt({ ciphertext: Rsa.encrypt('张三', keys.publicPem) })).resolves.toBe('张三');
  });

  it.each([
    ['another key', () => Rsa.encrypt('张三', rsaKeys().publicPem)],
    ['another digest', () => sealed('张三', 'sha256')],
    ['a text that is cut off', () => sealed('张三').slice(0, -4)],
    ['base64 with a line end', () => `${sealed('张三')}\n`],
    ['no base64', () => '张三'],
    ['bytes that are not UTF-8', () => sealed(Buffer.from([0xff, 0xfe]))],
  ])('refuses %s', async (_, ciphertext) => {
    await expect(signer.decrypt({ ciphertext: ciphertext() })).rejects.toMatchObject({
      code: 'WXPAY_INPUT',
      field: 'ciphertext',
    });
  });
});

describe('PlatformCertificates', () => {
  it('encrypt with the newest certificate in effect', async () => {
    const list = [certificateOf('1A', 100), certificateOf('2B', 200), certificateOf('3C', 900)];
    const certificates = new PlatformCertificates(list, () => 500);

    const { ciphertext, serialNo } = await certificates.encrypt({ text: '张三' });

    expect(serialNo).toBe('2B');
    expect(opened(ciphertext)).toBe('张三');
  });

  it('have the keys that they verify with', async () => {
    const certificates = new PlatformCertificates([certificateOf('1A', 100)], () => 500);

    await expect(certificates.hasKey({ serialNo: '1A' })).resolves.toBe(true);
    await expect(certificates.hasKey({ serialNo: '1B' })).resolves.toBe(false);
  });

  it('refuse to encrypt while no certificate is in effect', async () => {
    const certificates = new PlatformCertificates([certificateOf('1A', 100)], () => 99);

    await expect(certificates.encrypt({ text: '张三' })).rejects.toThrow(
      /^No platform certificate is in effect/,
    );
  });
});

describe('CombinedVerifier', () => {
  it('encrypts with the first verifier that can', async () => {
    const combined = new CombinedVerifier([new PlainVerifier(), verifier]);

    await expect(combined.encrypt({ text: '张三' })).resolves.toMatchObject({ serialNo: publicKeyId });
  });

  it('says what is missing if no verifier can encrypt', async () => {
    const combined = new CombinedVerifier([new PlainVerifier()]);

    await expect(combined.encrypt({ text: '张三' })).rejects.toThrow(/give one of them a method encrypt\(\)/);
  });

  it('refuses a text that is too long for the key', async () => {
    const combined = new CombinedVerifier([verifier]);

    await expect(combined.encrypt({ text: 'x'.repeat(215) })).rejects.toMatchObject({ field: 'text' });
  });

  it.each([
    [publicKeyId, true],
    ['PLAIN', true],
    ['OTHER', false],
  ])('has the keys of its verifiers: %s %s', async (serialNo, isKnown) => {
    const combined = new CombinedVerifier([new PlainVerifier(), verifier]);

    await expect(combined.hasKey({ serialNo })).resolves.toBe(isKnown);
  });
});
