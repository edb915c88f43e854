import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import {
  CombinedVerifier,
  PlatformCertificateVerifier,
  PublicKeyVerifier,
  WxPayMerchants,
  WxPaySignatureError,
  type WxPayMerchant,
  type WxPayVerifier,
} from 'nestjs-wxpay';
import { CertificateServer } from '../support/certificate-server.js';
import { failureOf } from '../support/failure-of.js';
import { createPlatformKey } from '../support/platform-keys.js';
import { generateRsaKeys } from '../support/rsa-keys.js';
import { signNotification } from '../support/signed-notification.js';

/** What a container may download at once for the notifications of strangers. */
const CAPACITY = 5;
const TENANTS = 12;
const stranger = generateRsaKeys();

let server: CertificateServer;
let merchants: WxPayMerchants;
beforeEach(async () => {
  server = await CertificateServer.start([await createPlatformKey()]);
  merchants = new WxPayMerchants();
});
afterEach(async () => {
  server.stop();
  await merchants.onModuleDestroy();
});

const ownVerifier = () => new PlatformCertificateVerifier(server.options());

function registerTenants(verifierOf: () => WxPayVerifier): readonly WxPayMerchant[] {
  const { mchid, signer, apiV3Key } = server.options();
  return Array.from({ length: TENANTS }, (_, index) =>
    merchants.register(`tenant-${index}`, { mchid, signer, apiV3Key, verifier: verifierOf() }),
  );
}

/** Sends a merchant what a stranger signed with a serial number that nobody has. */
function forge(merchant: WxPayMerchant): Promise<WxPaySignatureError> {
  const serialNo = randomBytes(20).toString('hex').toUpperCase();
  const { apiV3Key } = server.options();
  const notification = signNotification({ platformPrivateKey: stranger.privatePem, serialNo, apiV3Key });
  return failureOf(WxPaySignatureError, merchant.readNotification(notification));
}

describe('forged serial numbers to many merchants', () => {
  it.each<[string, () => WxPayVerifier]>([
    ['their own certificates', ownVerifier],
    [
      'certificates and a public key',
      () =>
        new CombinedVerifier([
          ownVerifier(),
          new PublicKeyVerifier({ publicKey: stranger.publicPem, publicKeyId: 'PUB_KEY_ID_1' }),
        ]),
    ],
  ])('cause no more downloads than one container may make, where each has %s', async (_, verifierOf) => {
    const tenants = registerTenants(verifierOf);

    const refusals = await Promise.all(tenants.map(forge));

    expect(new Set(refusals.map(({ reason }) => reason))).toEqual(new Set(['unknown-serial']));
    expect(server.downloads).toHaveLength(CAPACITY);
  });

  it('do not keep a merchant from its certificates for calls of its own', async () => {
    const verifiers: PlatformCertificateVerifier[] = [];
    const tenants = registerTenants(() => {
      const verifier = ownVerifier();
      verifiers.push(verifier);
      return verifier;
    });
    await Promise.all(tenants.map(forge));

    const serialNos = await Promise.all(verifiers.map((each) => each.acceptedSerialNo()));

    expect(new Set(serialNos).size).toBe(1);
    expect(server.downloads).toHaveLength(TENANTS);
  });
});
