import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { sign } from 'node:crypto';
import { inspect } from 'node:util';
import { PlatformCertificateVerifier, WxPayMerchants } from 'nestjs-wxpay';
import { CertificateServer } from '../../support/servers/certificate-server.js';
import { eventually } from '../../support/assertions/eventually.js';
import { createPlatformKey, type PlatformKey } from '../../support/fixtures/platform-keys.js';

const DAY_MS = 86_400_000;

let key: PlatformKey;
let newerKey: PlatformKey;
let server: CertificateServer;

beforeAll(async () => {
  const yesterday = Date.now() - DAY_MS;
  [key, newerKey] = await Promise.all([
    createPlatformKey({ effectiveAt: new Date(yesterday - DAY_MS) }),
    createPlatformKey({ effectiveAt: new Date(yesterday) }),
  ]);
});
beforeEach(async () => {
  server = await CertificateServer.start([key]);
});
afterEach(() => server.stop());

function signatureOf(message: string, { privatePem }: PlatformKey): string {
  return sign('sha256', Buffer.from(message), privatePem).toString('base64');
}

const lower = (text: string): string => text.toLowerCase();
const upper = (text: string): string => text.toUpperCase();

describe('PlatformCertificateVerifier', () => {
  it('requests replies that are signed with the downloaded certificate', async () => {
    const verifier = new PlatformCertificateVerifier(server.options());

    await expect(verifier.acceptedSerialNo()).resolves.toBe(key.serialNo);
  });

  it('signs each download with a new nonce, by the clock of this machine', async () => {
    const verifiers = [1, 2].map(
      () => new PlatformCertificateVerifier({ ...server.options(), now: undefined }),
    );

    for (const verifier of verifiers) await expect(verifier.acceptedSerialNo()).resolves.toBe(key.serialNo);

    expect(server.nonces).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
    expect(new Set(server.nonces).size).toBe(2);
  });

  it('sends no request before it is used, and one request then', async () => {
    const verifier = new PlatformCertificateVerifier(server.options());
    expect(server.downloads).toStrictEqual([]);

    await verifier.acceptedSerialNo();
    await verifier.acceptedSerialNo();

    expect(server.downloads).toStrictEqual([undefined]);
  });

  it('prefers the newest certificate that is in effect', async () => {
    const tomorrow = await createPlatformKey({ effectiveAt: new Date(Date.now() + DAY_MS) });
    server.inService = [newerKey, tomorrow, key];
    const verifier = new PlatformCertificateVerifier(server.options());

    await expect(verifier.acceptedSerialNo()).resolves.toBe(newerKey.serialNo);
  });

  it('verifies with each certificate of the list', async () => {
    server.inService = [key, newerKey];
    const verifier = new PlatformCertificateVerifier(server.options());
    const judge = (serialNo: string, signer: PlatformKey) =>
      verifier.verify({ message: 'message', signature: signatureOf('message', signer), serialNo });

    await expect(judge(key.serialNo, key)).resolves.toBe(true);
    await expect(judge(newerKey.serialNo, newerKey)).resolves.toBe(true);
    await expect(judge(newerKey.serialNo, key)).resolves.toBe(false);
    expect(server.downloads).toHaveLength(1);
  });

  it('does not use an expired certificate', async () => {
    const expired = await createPlatformKey({
      effectiveAt: new Date(Date.now() - 2 * DAY_MS),
      expiresAt: new Date(Date.now() - DAY_MS),
    });
    server.inService = [key, expired];
    server.signListWith = key;
    const verifier = new PlatformCertificateVerifier(server.options());

    const judging = verifier.verify({
      message: 'message',
      signature: signatureOf('message', expired),
      serialNo: expired.serialNo,
    });

    await expect(judging).rejects.toMatchObject({ reason: 'unknown-serial' });
    await expect(verifier.acceptedSerialNo()).resolves.toBe(key.serialNo);
  });

  it('drops a certificate when it expires, and downloads the list again', async () => {
    const brief = await createPlatformKey({ expiresAt: new Date(Date.now() + DAY_MS) });
    server.inService = [brief];
    const verifier = new PlatformCertificateVerifier(server.options());
    await verifier.acceptedSerialNo();

    server.aheadMs = DAY_MS + 1_000;
    server.inService = [newerKey];

    await expect(verifier.acceptedSerialNo()).resolves.toBe(newerKey.serialNo);
  });

  it('accepts a serial number with leading zeros', async () => {
    server.inService = [await createPlatformKey({ serialNo: `00${'4A'.repeat(19)}` })];
    const verifier = new PlatformCertificateVerifier(server.options());

    await expect(verifier.acceptedSerialNo()).resolves.toBe(`00${'4A'.repeat(19)}`);
  });

  it.each<[how: string, listed: (serialNo: string) => string, signed: (serialNo: string) => string]>([
    ['in small letters', lower, lower],
    ['in small letters by the list only', lower, upper],
    ['in small letters by the reply only', upper, lower],
    ['with leading zeros by the reply only', upper, (serialNo) => `00${serialNo}`],
  ])('accepts a serial number that is written %s', async (_how, listed, signed) => {
    server.inService = [{ ...key, serialNo: listed(key.serialNo) }];
    server.signListWith = { ...key, serialNo: signed(key.serialNo) };
    const verifier = new PlatformCertificateVerifier(server.options());
    const judge = (signer: PlatformKey) =>
      verifier.verify({
        message: 'message',
        signature: signatureOf('message', signer),
        serialNo: signed(key.serialNo),
      });

    await expect(verifier.acceptedSerialNo()).resolves.toBe(listed(key.serialNo));
    await expect(judge(key)).resolves.toBe(true);
    await expect(judge(newerKey)).resolves.toBe(false);
    expect(server.downloads).toHaveLength(1);
  });

  it('uses the HTTP client of the app', async () => {
    const httpService = new HttpService(new HttpService().axiosRef.create());
    const paths: (string | undefined)[] = [];
    httpService.axiosRef.interceptors.request.use((config) => {
      paths.push(config.url);
      return config;
    });
    const verifier = new PlatformCertificateVerifier({ ...server.options(), httpService });

    await verifier.acceptedSerialNo();

    expect(paths).toEqual([`${server.url}/v3/certificates`]);
  });

  it('keeps no connection open after a download', async () => {
    const verifier = new PlatformCertificateVerifier(server.options());

    await verifier.acceptedSerialNo();

    // Long before either side would drop an idle connection.
    await eventually(() => expect(server.connections).toBe(0), 1_000);
  });

  it('shows no key and no certificate when it is inspected', async () => {
    const verifier = new PlatformCertificateVerifier(server.options());
    await verifier.acceptedSerialNo();

    const shown = inspect(verifier, { showHidden: true, depth: 9 });

    expect(shown).toBe('PlatformCertificateVerifier (mchid 1900000001, 1 certificates)');
    expect(JSON.stringify(verifier)).toBe('{}');
  });
});

describe('a merchant with platform certificates', () => {
  it('queries orders with nothing but the APIv3 key', async () => {
    const merchants = new WxPayMerchants();
    const { mchid, signer, hosts } = server.options();
    const verifier = new PlatformCertificateVerifier(server.options());
    const merchant = merchants.register('certificates', { mchid, signer, verifier, hosts });

    const orders = await Promise.all(
      ['T1', 'T2', 'T3'].map((outTradeNo) => merchant.orderQuery.query({ outTradeNo })),
    );

    expect(orders.map(({ outTradeNo }) => outTradeNo)).toEqual(['T1', 'T2', 'T3']);
    expect(server.downloads).toHaveLength(1);
    await merchants.onModuleDestroy();
  });

  it('accepts the next certificate of WeChat Pay between two calls', async () => {
    const merchants = new WxPayMerchants();
    const { mchid, signer, hosts } = server.options();
    const verifier = new PlatformCertificateVerifier(server.options());
    const merchant = merchants.register('rotation', { mchid, signer, verifier, hosts });
    await merchant.orderQuery.query({ outTradeNo: 'T1' });

    server.inService = [key, newerKey];
    server.signOrdersWith = newerKey;
    const orders = await Promise.all(
      ['T2', 'T3', 'T4'].map((outTradeNo) => merchant.orderQuery.query({ outTradeNo })),
    );

    expect(orders).toHaveLength(3);
    expect(server.downloads).toStrictEqual([undefined, key.serialNo]);
    await expect(verifier.acceptedSerialNo()).resolves.toBe(newerKey.serialNo);
    await merchants.onModuleDestroy();
  });

  it('shares no certificates with another merchant', async () => {
    const other = await CertificateServer.start([newerKey], '1900000002');
    const [verifier, otherVerifier] = [server, other].map(
      (each) => new PlatformCertificateVerifier(each.options()),
    );

    const accepted = await Promise.all([verifier?.acceptedSerialNo(), otherVerifier?.acceptedSerialNo()]);
    const crossing = verifier?.verify({
      message: 'message',
      signature: signatureOf('message', newerKey),
      serialNo: newerKey.serialNo,
    });

    expect(accepted).toEqual([key.serialNo, newerKey.serialNo]);
    await expect(crossing).rejects.toMatchObject({ reason: 'unknown-serial' });
    other.stop();
  });
});
