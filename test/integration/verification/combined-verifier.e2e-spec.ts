import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  CombinedVerifier,
  PlatformCertificateVerifier,
  PublicKeyVerifier,
  WXPAY_CHANNELS,
  WxPayMerchants,
  WxPaySignatureError,
  type ReplyVerifiedEvent,
  type WxPayVerifier,
} from 'nestjs-wxpay';
import { CertificateServer } from '../../support/servers/certificate-server.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { createPlatformKey, type PlatformKey } from '../../support/fixtures/platform-keys.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const { publicPem, privatePem } = rsaKeys();
const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000000012026';
const weChatPayKey = { serialNo: PUBLIC_KEY_ID, privatePem };

let key: PlatformKey;
let stranger: PlatformKey;
let server: CertificateServer;
let merchants: WxPayMerchants;
let events: ReplyVerifiedEvent[];
const record = (event: unknown): void => void events.push(event as ReplyVerifiedEvent);

beforeAll(async () => {
  [key, stranger] = await Promise.all([createPlatformKey(), createPlatformKey()]);
});
beforeEach(async () => {
  server = await CertificateServer.start([key]);
  server.signListWith = weChatPayKey;
  merchants = new WxPayMerchants();
  events = [];
  subscribe(WXPAY_CHANNELS.replyVerified, record);
});
afterEach(async () => {
  unsubscribe(WXPAY_CHANNELS.replyVerified, record);
  await merchants.onModuleDestroy();
  server.stop();
});

/** A merchant whose verifiers are combined in that order. */
function merchantWith(...order: readonly ('public-key' | 'certificates')[]) {
  const { mchid, signer, hosts } = server.options();
  const trust = new PublicKeyVerifier({ publicKey: publicPem, publicKeyId: PUBLIC_KEY_ID });
  const known: Readonly<Record<(typeof order)[number], WxPayVerifier>> = {
    'public-key': trust,
    certificates: new PlatformCertificateVerifier({ ...server.options(), trust }),
  };
  const verifier = new CombinedVerifier(order.map((name) => known[name]));
  return { verifier, merchant: merchants.register('default', { mchid, signer, verifier, hosts }) };
}

describe('CombinedVerifier, from certificates to the public key', () => {
  it('requests replies under the public key, and downloads nothing', async () => {
    const { verifier, merchant } = merchantWith('public-key', 'certificates');
    server.signOrdersWith = weChatPayKey;

    await merchant.orderQuery.query({ outTradeNo: 'T1' });

    await expect(verifier.acceptedSerialNo()).resolves.toBe(PUBLIC_KEY_ID);
    expect(server.downloads).toStrictEqual([]);
  });

  it('still accepts a reply that is signed with a certificate', async () => {
    const { merchant } = merchantWith('public-key', 'certificates');
    server.signOrdersWith = key;

    const order = await merchant.orderQuery.query({ outTradeNo: 'T1' });

    expect(order.outTradeNo).toBe('T1');
    expect(server.downloads).toStrictEqual([PUBLIC_KEY_ID]);
  });

  it('reports the key of each reply', async () => {
    const { merchant } = merchantWith('public-key', 'certificates');

    for (const signer of [key, weChatPayKey, weChatPayKey]) {
      server.signOrdersWith = signer;
      await merchant.orderQuery.query({ outTradeNo: 'T1' });
    }

    const queries = events.filter(({ operation }) => operation === 'order.query');
    expect(queries).toEqual(
      [key, weChatPayKey, weChatPayKey].map(({ serialNo }) => ({
        merchant: 'default',
        operation: 'order.query',
        clockOffsetMs: expect.any(Number),
        serialNo,
      })),
    );
  });
});

describe('CombinedVerifier, from the public key back to certificates', () => {
  it('requests replies under the newest certificate', async () => {
    const { verifier, merchant } = merchantWith('certificates', 'public-key');
    server.signOrdersWith = key;

    await merchant.orderQuery.query({ outTradeNo: 'T1' });

    await expect(verifier.acceptedSerialNo()).resolves.toBe(key.serialNo);
  });

  it('still accepts a reply that is signed with the public key, without a download', async () => {
    const { merchant } = merchantWith('certificates', 'public-key');
    server.signOrdersWith = weChatPayKey;

    await merchant.orderQuery.query({ outTradeNo: 'T1' });
    await merchant.orderQuery.query({ outTradeNo: 'T2' });

    expect(server.downloads).toHaveLength(1);
  });

  it('continues with the public key if there are no certificates', async () => {
    const { merchant } = merchantWith('certificates', 'public-key');
    server.refusal = { status: 404, body: '{"code":"RESOURCE_NOT_EXISTS"}' };
    server.signOrdersWith = weChatPayKey;

    await expect(merchant.orderQuery.query({ outTradeNo: 'T1' })).resolves.toMatchObject({
      outTradeNo: 'T1',
    });
  });
});

describe.each([[['public-key', 'certificates'] as const], [['certificates', 'public-key'] as const]])(
  'CombinedVerifier with %j',
  (order) => {
    it('refuses a reply that is signed with neither', async () => {
      const { merchant } = merchantWith(...order);
      server.signListWith = weChatPayKey;
      server.signOrdersWith = stranger;

      const error = await failureOf(WxPaySignatureError, merchant.orderQuery.query({ outTradeNo: 'T1' }));

      expect(error.reason).toBe('unknown-serial');
      expect(error.message).toContain('order.query of order T1');
      expect(events.filter(({ operation }) => operation === 'order.query')).toEqual([]);
    });

    it.each([
      ['the public key', PUBLIC_KEY_ID],
      ['a certificate', undefined],
    ])("refuses a stranger's reply under the serial number of %s", async (_, serialNo = key.serialNo) => {
      const { merchant } = merchantWith(...order);
      server.signListWith = weChatPayKey;
      server.signOrdersWith = { serialNo, privatePem: stranger.privatePem };

      const error = await failureOf(WxPaySignatureError, merchant.orderQuery.query({ outTradeNo: 'T1' }));

      expect(error.reason).toBe('mismatch');
    });
  },
);
