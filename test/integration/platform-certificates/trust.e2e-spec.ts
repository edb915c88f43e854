import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  PlatformCertificateVerifier,
  PublicKeyVerifier,
  WxPayConfigError,
  WxPaySignatureError,
  WxPayTransportError,
  type WxPayError,
} from 'nestjs-wxpay';
import { CertificateServer } from '../../support/servers/certificate-server.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { createPlatformKey, type PlatformKey } from '../../support/fixtures/platform-keys.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const publicKey = rsaKeys();
const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000000012026';
const signedWithPublicKey = { serialNo: PUBLIC_KEY_ID, privatePem: publicKey.privatePem };

let key: PlatformKey;
let stranger: PlatformKey;
let server: CertificateServer;
let verifier: PlatformCertificateVerifier;

beforeAll(async () => {
  [key, stranger] = await Promise.all([createPlatformKey(), createPlatformKey()]);
});
beforeEach(async () => {
  server = await CertificateServer.start([key]);
  verifier = new PlatformCertificateVerifier(server.options());
});
afterEach(() => server.stop());

describe('PlatformCertificateVerifier, of a merchant with the WeChat Pay public key', () => {
  it('names the public key if the merchant has no certificate', async () => {
    server.refusal = { status: 404, body: '{"code":"RESOURCE_NOT_EXISTS","message":"无可用的平台证书"}' };

    const error = await failureOf(WxPayConfigError, verifier.acceptedSerialNo());

    expect(error.message).toBe(
      'mchid 1900000001 has no platform certificate (平台证书). Verify with the WeChat Pay public key (微信支付公钥): ' +
        'pass a PublicKeyVerifier, or set WXPAY_PUBLIC_KEY and WXPAY_PUBLIC_KEY_ID.',
    );
  });

  it('names the public key if WeChat Pay signs the list with it', async () => {
    server.signListWith = signedWithPublicKey;

    const error = await failureOf(WxPayConfigError, verifier.acceptedSerialNo());

    expect(error.message).toContain('is signed with the WeChat Pay public key');
  });

  it('accepts the list with the public key as trust', async () => {
    server.signListWith = signedWithPublicKey;
    const trust = new PublicKeyVerifier({ publicKey: publicKey.publicPem, publicKeyId: PUBLIC_KEY_ID });
    verifier = new PlatformCertificateVerifier({ ...server.options(), trust });

    await expect(verifier.acceptedSerialNo()).resolves.toBe(key.serialNo);
    expect(server.downloads).toStrictEqual([PUBLIC_KEY_ID]);
  });
});

describe('PlatformCertificateVerifier, with trust', () => {
  beforeEach(() => {
    const trust = new PublicKeyVerifier({ publicKey: publicKey.publicPem, publicKeyId: PUBLIC_KEY_ID });
    verifier = new PlatformCertificateVerifier({ ...server.options(), trust });
  });

  it('does not verify a list with its own certificates while it holds none', async () => {
    server.signListWith = key;

    const error = await failureOf(WxPaySignatureError, verifier.acceptedSerialNo());

    expect(error.reason).toBe('mismatch');
    expect(error.message).toContain(
      'While no certificate is held, the option trust, if set, must verify the list',
    );
  });

  it('does not verify a list with its own certificates after the held ones have expired', async () => {
    const brief = await createPlatformKey({ expiresAt: new Date(Date.now() + 3_600_000) });
    server.inService = [brief];
    server.signListWith = signedWithPublicKey;
    await verifier.acceptedSerialNo();

    server.aheadMs = 3_601_000;
    server.inService = [key];
    server.signListWith = key;

    await failureOf(WxPaySignatureError, verifier.acceptedSerialNo());
  });

  it.each<[string, () => typeof signedWithPublicKey]>([
    ['a certificate that is held', () => key],
    ['the key that is trusted', () => signedWithPublicKey],
  ])('accepts a new list that is signed with %s', async (_, signer) => {
    server.signListWith = signedWithPublicKey;
    await verifier.acceptedSerialNo();

    server.inService = [key, stranger];
    server.signListWith = signer();

    const judging = verifier.verify({ message: '', signature: '', serialNo: stranger.serialNo });
    await expect(judging).resolves.toBe(false);
  });
});

describe('PlatformCertificateVerifier, receiving a page in place of the list', () => {
  const PAGE = { status: 200, body: '<html>busy</html>' };

  it('requests the list from the other host', async () => {
    const other = await CertificateServer.start([key]);
    other.refusal = PAGE;
    const hosts = [other.url, server.url];
    const { apiV3Key, ...options } = server.options();
    verifier = new PlatformCertificateVerifier({ ...options, apiV3Key, hosts });

    await expect(verifier.acceptedSerialNo()).resolves.toBe(key.serialNo);

    expect(other.downloads).toHaveLength(1);
    other.stop();
  });

  it.each([
    ['HTML', PAGE, WxPayTransportError],
    ['JSON without a signature', { status: 200, body: '{"maintenance":true}' }, WxPaySignatureError],
  ])('recovers from %s as soon as it receives the list', async (_, refusal, type) => {
    server.refusal = refusal;
    await failureOf<WxPayError>(type, verifier.acceptedSerialNo());

    server.refusal = undefined;

    await expect(verifier.acceptedSerialNo()).resolves.toBe(key.serialNo);
  });
});
