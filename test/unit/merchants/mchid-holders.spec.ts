import { describe, expect, it } from '@jest/globals';
import { HmacSha256Signer, PublicKeyVerifier, RsaSigner, WxPayConfigError } from '../../../lib/index.js';
import { MchidHolders } from '../../../lib/merchants/mchid-holders.js';
import { resolveOptions, type ResolvedOptions } from '../../../lib/merchants/resolve-options.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const merchant = rsaKeys();
const [publicPem, otherPem] = [rsaKeys().publicPem, rsaKeys().publicPem];
const mchid = '1900000001';

function v3({ serialNo = 'AB', publicKey = publicPem, sharedMchid = false } = {}): ResolvedOptions {
  return resolveOptions('held', {
    mchid,
    sharedMchid,
    signer: new RsaSigner({ privateKey: merchant.privatePem, serialNo }),
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
    ['APIv3, with other keys that it may have', v3(), v3({ publicKey: otherPem, sharedMchid: true })],
  ])('lets two registrations of %s share a number', (_, held, given) => {
    const holders = new MchidHolders();
    holders.set('eu', held);

    expect(() => holders.check('us', given)).not.toThrow();
  });

  it.each<[string, ResolvedOptions, ResolvedOptions]>([
    ['another certificate', v3(), v3({ serialNo: 'CD' })],
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
