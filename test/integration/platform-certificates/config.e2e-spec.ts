import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WxPayMerchants } from 'nestjs-wxpay';
import { loadOptions } from '../../../lib/config/load-options.js';
import { CertificateServer, MERCHANT_SERIAL_NO } from '../../support/servers/certificate-server.js';
import { createPlatformKey, type PlatformKey } from '../../support/fixtures/platform-keys.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const { publicPem, privatePem } = rsaKeys();
const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000000012026';
const PUBLIC_KEY = { WXPAY_PUBLIC_KEY_ID: PUBLIC_KEY_ID, WXPAY_PUBLIC_KEY: publicPem };

let key: PlatformKey;
let server: CertificateServer;
let merchants: WxPayMerchants;

beforeAll(async () => {
  key = await createPlatformKey();
});
beforeEach(async () => {
  server = await CertificateServer.start([key]);
  merchants = new WxPayMerchants();
});
afterEach(async () => {
  await merchants.onModuleDestroy();
  server.stop();
});

/** A merchant from the environment; it always has the APIv3 key. */
function merchantFrom(changes: NodeJS.ProcessEnv) {
  const environment = {
    WXPAY_MCHID: server.mchid,
    WXPAY_SERIAL_NO: MERCHANT_SERIAL_NO,
    WXPAY_PRIVATE_KEY: server.merchantPrivateKey,
    WXPAY_API_V3_KEY: server.apiV3Key,
    WXPAY_HOSTS: server.url,
    ...changes,
  };
  return merchants.register('default', loadOptions(environment, { prefix: 'WXPAY_' }));
}

describe('defineWxPayConfig, with WXPAY_VERIFY_WITH', () => {
  it.each([
    ['certificates only', {}, ['certificate'], 1],
    ['the public key only', PUBLIC_KEY, ['public key'], 0],
    [
      'both, the public key first',
      { ...PUBLIC_KEY, WXPAY_VERIFY_WITH: 'public-key,certificates' },
      ['public key', 'certificate'],
      1,
    ],
    [
      'both, certificates first',
      { ...PUBLIC_KEY, WXPAY_VERIFY_WITH: 'certificates,public-key' },
      ['certificate', 'public key'],
      1,
    ],
  ])('accepts with %s only what these keys sign', async (_, changes, accepted, downloads) => {
    const signers = { certificate: key, 'public key': { serialNo: PUBLIC_KEY_ID, privatePem } };
    // While no certificate is held, nothing but the public key vouches for a list where both are set.
    if ('WXPAY_VERIFY_WITH' in changes) server.signListWith = signers['public key'];
    const merchant = merchantFrom(changes);

    const verified: string[] = [];
    for (const [name, signer] of Object.entries(signers)) {
      server.signOrdersWith = signer;
      await merchant.orderQuery.query({ outTradeNo: 'T1' }).then(
        () => verified.push(name),
        (error: { reason?: string }) => expect(error.reason).toBe('unknown-serial'),
      );
    }

    expect(verified.toSorted()).toEqual(accepted.toSorted());
    expect(server.downloads).toHaveLength(downloads);
  });

  it('accepts with both a list that is signed with the public key', async () => {
    server.signListWith = { serialNo: PUBLIC_KEY_ID, privatePem };
    server.signOrdersWith = key;
    const merchant = merchantFrom({ ...PUBLIC_KEY, WXPAY_VERIFY_WITH: 'certificates,public-key' });

    await expect(merchant.orderQuery.query({ outTradeNo: 'T1' })).resolves.toMatchObject({
      outTradeNo: 'T1',
    });
  });
});
