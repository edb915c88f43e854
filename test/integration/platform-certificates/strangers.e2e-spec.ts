import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import {
  CombinedVerifier,
  PlatformCertificateVerifier,
  PublicKeyVerifier,
  WxPayError,
  WxPayMerchants,
  WxPayTransportError,
  type WxPayMerchant,
  type WxPayVerifier,
} from 'nestjs-wxpay';
import { CertificateServer } from '../../support/servers/certificate-server.js';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { createPlatformKey, type PlatformKey } from '../../support/fixtures/platform-keys.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { signNotification } from '../../support/signing/signed-notification.js';

/** What a container may download at once for the notifications of strangers. */
const CAPACITY = 5;
const TENANTS = 12;
const stranger = rsaKeys();

let key: PlatformKey;
let server: CertificateServer;
let merchants: WxPayMerchants;
beforeEach(async () => {
  key = await createPlatformKey();
  server = await CertificateServer.start([key]);
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
function forge(merchant: WxPayMerchant): Promise<WxPayError> {
  const serialNo = randomBytes(20).toString('hex').toUpperCase();
  const { apiV3Key } = server.options();
  const notification = signNotification({ platformPrivateKey: stranger.privatePem, serialNo, apiV3Key });
  return failureOf<WxPayError>(WxPayError, merchant.readNotification(notification));
}

describe('PlatformCertificateVerifier, with forged serial numbers to many merchants', () => {
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
  ])('downloads no more often than one container may, if each merchant has %s', async (_, verifierOf) => {
    const tenants = registerTenants(verifierOf);

    const refusals = await Promise.all(tenants.map(forge));

    const codes = refusals.map(({ code }) => code);
    expect(codes.filter((code) => code === 'WXPAY_SIGNATURE')).toHaveLength(CAPACITY);
    expect(codes.filter((code) => code === 'WXPAY_TRANSPORT')).toHaveLength(TENANTS - CAPACITY);
    expect(server.downloads).toHaveLength(CAPACITY);
  });

  it('answers 503 to a genuine notification to another merchant, until it is sent again', async () => {
    const tenants = registerTenants(ownVerifier);
    const [last, ...others] = tenants.toReversed();
    await Promise.all(others.map(forge));
    const read = async () =>
      last?.readNotification(
        signNotification({
          platformPrivateKey: key.privatePem,
          serialNo: key.serialNo,
          apiV3Key: server.options().apiV3Key,
        }),
      );

    const error = await failureOf(WxPayTransportError, read());

    expect(error.message).toBe(
      'The platform certificate of a notification to mchid 1900000001 is not held, and was not looked up: notifications with ' +
        'unknown serial numbers have caused enough downloads for now. WeChat Pay sends it again.',
    );
    await eventually(async () => expect(await read()).toMatchObject({ eventType: 'TRANSACTION.SUCCESS' }));
  });

  it("still downloads the certificates for a merchant's own calls", async () => {
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
