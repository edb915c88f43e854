import { describe, expect, it } from '@jest/globals';
import {
  HmacSha256Signer,
  PublicKeyVerifier,
  RsaSigner,
  WxPayConfigError,
  WxPaySigner,
} from '../../../lib/index.js';
import { MchidHolders } from '../../../lib/merchants/mchid-holders.js';
import { resolveOptions, type ResolvedOptions } from '../../../lib/merchants/resolve-options.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const [merchant, tenant] = [rsaKeys(), rsaKeys()];
const API_V3_KEY = '3'.repeat(32);
const [publicPem, otherPem] = [rsaKeys().publicPem, rsaKeys().publicPem];
const mchid = '1900000001';

/** Signs with a key that is stored elsewhere. */
class RemoteSigner extends WxPaySigner {
  readonly algorithm = 'WECHATPAY2-SHA256-RSA2048';
  readonly serialNo = 'AB';

  sign(): Promise<string> {
    return Promise.resolve('');
  }
}

interface V3Keys {
  readonly serialNo?: string;
  readonly privateKey?: string;
  readonly signer?: WxPaySigner;
  readonly publicKey?: string;
  readonly apiV3Key?: string;
  readonly sharedMchid?: boolean;
}

function v3({
  serialNo = 'AB',
  privateKey = merchant.privatePem,
  signer = new RsaSigner({ privateKey, serialNo }),
  publicKey = publicPem,
  apiV3Key,
  sharedMchid = false,
}: V3Keys = {}): ResolvedOptions {
  return resolveOptions('held', {
    mchid,
    sharedMchid,
    signer,
    apiV3Key,
    verifier: new PublicKeyVerifier({ publicKey, publicKeyId: 'PUB_KEY_ID_1' }),
  });
}

function v2(key = 'k'.repeat(32)): ResolvedOptions {
  const signer = new HmacSha256Signer({ key });
  return resolveOptions('held', { api: 'v2', mchid, appid: 'wxd678efh567hg6787', signer });
}

describe('MchidHolders.check', () => {
  it.each<[string, ResolvedOptions, ResolvedOptions]>([
    ['APIv3', v3(), v3()],
    ['APIv2', v2(), v2()],
    [
      'APIv3, with signers of a key service',
      v3({ signer: new RemoteSigner() }),
      v3({ signer: new RemoteSigner() }),
    ],
    ['APIv3, one of which reads no notifications', v3({ apiV3Key: API_V3_KEY }), v3()],
    ['APIv3, with other keys that it may have', v3(), v3({ publicKey: otherPem, sharedMchid: true })],
  ])('lets two registrations of %s share a number', (_, held, given) => {
    const holders = new MchidHolders();
    holders.set('eu', held);

    expect(() => holders.check('us', given)).not.toThrow();
  });

  it.each<[string, ResolvedOptions, ResolvedOptions]>([
    ['another certificate', v3(), v3({ serialNo: 'CD' })],
    ['the same serial number and another private key', v3(), v3({ privateKey: tenant.privatePem })],
    ['the same serial number and a signer of its own', v3(), v3({ signer: new RemoteSigner() })],
    ['a private key in place of a signer', v3({ signer: new RemoteSigner() }), v3()],
    ['another APIv3 key', v3({ apiV3Key: API_V3_KEY }), v3({ apiV3Key: '4'.repeat(32) })],
    ['another key of WeChat Pay', v3(), v3({ publicKey: otherPem })],
    ['another certificate and another key', v3(), v3({ serialNo: 'CD', publicKey: otherPem })],
    ['another key of APIv2', v2(), v2('x'.repeat(32))],
    ['APIv2 beside APIv3', v3(), v2()],
    ['APIv3 beside APIv2', v2(), v3()],
  ])('refuses a number to a registration with %s', (_, held, given) => {
    const holders = new MchidHolders();
    holders.set('eu', held);

    expect(() => holders.check('us', given)).toThrow(
      new WxPayConfigError(
        [
          'mchid 1900000001 is registered already, as "eu", with other credentials. Pass the same keys, or set sharedMchid: true if both registrations are of one merchant; never take that option from a tenant.',
        ],
        { merchant: 'us' },
      ),
    );
  });

  it('lets a registration have other keys for its own number', () => {
    const holders = new MchidHolders();
    holders.set('eu', v3());

    expect(() => holders.check('eu', v3({ serialNo: 'CD' }))).not.toThrow();
  });

  it('frees a number with its last registration, and not before', () => {
    const holders = new MchidHolders();
    holders.set('eu', v3());
    holders.set('us', v3());
    const check = () => holders.check('cn', v3({ serialNo: 'CD' }));

    holders.delete('eu', mchid);
    expect(check).toThrow(WxPayConfigError);
    holders.delete('us', mchid);
    holders.delete('us', mchid);
    expect(check).not.toThrow();
  });
});
