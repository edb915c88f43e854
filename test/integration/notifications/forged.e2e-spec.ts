import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import {
  CombinedVerifier,
  PlatformCertificateVerifier,
  PublicKeyVerifier,
  WxPayMerchants,
  WxPaySignatureError,
  type WxPayMerchant,
  type WxPayNotification,
  type WxPayVerifier,
} from 'nestjs-wxpay';
import { CertificateServer } from '../../support/servers/certificate-server.js';
import { createPlatformKey, type PlatformKey } from '../../support/fixtures/platform-keys.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { signNotification } from '../../support/signing/signed-notification.js';

const FIFTY = Array.from({ length: 50 }, (_, n) => n);
const publicKey = { serialNo: 'PUB_KEY_ID_0119000000012026', ...rsaKeys() };

let key: PlatformKey;
let forger: PlatformKey;
let server: CertificateServer;
let certificates: PlatformCertificateVerifier;
let merchants: WxPayMerchants;

beforeAll(async () => {
  [key, forger] = await Promise.all([createPlatformKey(), createPlatformKey()]);
});
beforeEach(async () => {
  server = await CertificateServer.start([key]);
  certificates = new PlatformCertificateVerifier(server.options());
  merchants = new WxPayMerchants();
});
afterEach(async () => {
  await merchants.onModuleDestroy();
  server.stop();
});

function merchantWith(verifier: WxPayVerifier): WxPayMerchant {
  const { mchid, signer, apiV3Key, hosts } = server.options();
  return merchants.register('shop', { mchid, signer, apiV3Key, hosts, verifier });
}

function read(
  merchant: WxPayMerchant,
  { privatePem, serialNo }: Pick<PlatformKey, 'privatePem' | 'serialNo'>,
): Promise<WxPayNotification> {
  const { apiV3Key } = server;
  return merchant.readNotification(signNotification({ platformPrivateKey: privatePem, serialNo, apiV3Key }));
}

describe('@VerifyNotification(), receiving 50 notifications with forged serial numbers', () => {
  const forge = (merchant: WxPayMerchant): Promise<unknown> =>
    read(merchant, { ...forger, serialNo: randomBytes(20).toString('hex').toUpperCase() }).catch(
      (error: unknown) => error,
    );

  it.each(['at once', 'one after the other'])('downloads the certificates once: %s', async (how) => {
    const merchant = merchantWith(certificates);

    const errors = how === 'at once' ? await Promise.all(FIFTY.map(() => forge(merchant))) : [];
    if (errors.length === 0) for (const _ of FIFTY) errors.push(await forge(merchant));

    expect(errors).toHaveLength(50);
    for (const error of errors) expect(error).toBeInstanceOf(WxPaySignatureError);
    expect(new Set(errors.map((error) => (error as WxPaySignatureError).reason))).toEqual(
      new Set(['unknown-serial']),
    );
    expect(server.downloads).toHaveLength(1);
  });

  it('still accepts a genuine notification', async () => {
    const merchant = merchantWith(certificates);
    await Promise.all(FIFTY.map(() => forge(merchant)));

    await expect(read(merchant, key)).resolves.toMatchObject({ resource: { outTradeNo: 'T1' } });
  });
});

describe('@VerifyNotification(), while WeChat Pay changes from certificates to its public key', () => {
  it('accepts notifications that are signed with either', async () => {
    const { publicPem, serialNo } = publicKey;
    const merchant = merchantWith(
      new CombinedVerifier([
        new PublicKeyVerifier({ publicKey: publicPem, publicKeyId: serialNo }),
        certificates,
      ]),
    );

    const notifications = await Promise.all([read(merchant, key), read(merchant, publicKey)]);

    expect(notifications.map(({ resource }) => resource)).toMatchObject([
      { outTradeNo: 'T1' },
      { outTradeNo: 'T1' },
    ]);
    await expect(read(merchant, { ...forger, serialNo })).rejects.toMatchObject({ reason: 'mismatch' });
  });
});
