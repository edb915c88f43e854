import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CombinedVerifier,
  HmacSha256Signer,
  Md5Signer,
  PlatformCertificateVerifier,
  PublicKeyVerifier,
  RsaSigner,
  WxPayConfigError,
  WxPayMerchants,
  WxPayModule,
  WxPayVerifier,
  type WxPayOptions,
  type WxPayV3Options,
} from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { useContainers } from '../../support/harness/containers.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const containers = useContainers();
const V2_KEY = 'a'.repeat(32);
let stranger: MockWxPayGateway;

beforeAll(async () => {
  stranger = await startGateway();
});
afterAll(() => stranger.stop());

const own = (): WxPayV3Options => containers.gateway.options();
/** The same number, with other keys. */
const forged = (): WxPayOptions => stranger.options();
const v2 = (signer: HmacSha256Signer | Md5Signer, appid = 'wx1'): WxPayOptions => ({
  ...containers.gateway.optionsV2(),
  signer,
  appid,
});
const certificates = (apiV3Key: string, trust?: WxPayVerifier): PlatformCertificateVerifier =>
  new PlatformCertificateVerifier({ mchid: '1900000001', signer: signer(), apiV3Key, trust });
const signer = (): RsaSigner => {
  const { merchantPrivateKey: privateKey, merchantSerialNo: serialNo } = containers.gateway.keys;
  return new RsaSigner({ privateKey, serialNo });
};
const publicKey = (publicKeyId = containers.gateway.keys.publicKeyId): PublicKeyVerifier =>
  new PublicKeyVerifier({ publicKey: containers.gateway.keys.platformPublicKey, publicKeyId });
const verifying = (verifier: WxPayVerifier): WxPayOptions => ({ ...containers.gateway.options(), verifier });
const combined = (...verifiers: WxPayVerifier[]): WxPayOptions => verifying(new CombinedVerifier(verifiers));

/** A verifier of an app that does not extend ours. */
const ofTheApp = { verify: async () => true, acceptedSerialNo: async () => 'KEY' };

describe('merchants.register, of a number that another registration holds', () => {
  it.each<[string, () => readonly [held: WxPayOptions, given: WxPayOptions]]>([
    ['a tenant with keys of its own', () => [own(), forged()]],
    ['another API', () => [own(), containers.gateway.optionsV2()]],
    ['APIv3 where APIv2 holds it', () => [containers.gateway.optionsV2(), own()]],
    ['another signer', () => [own(), { ...own(), signer: new OtherSigner() }]],
    ['another identifier of the key', () => [own(), verifying(publicKey('PUB_KEY_ID_2'))]],
    ['another kind of verifier', () => [own(), verifying(certificates('k'.repeat(32)))]],
    [
      'another APIv3 key for certificates',
      () => [verifying(certificates('k'.repeat(32))), verifying(certificates('l'.repeat(32)))],
    ],
    [
      'another trust for certificates',
      () => [verifying(certificates('k'.repeat(32), publicKey())), verifying(certificates('k'.repeat(32)))],
    ],
    ['one more verifier', () => [combined(publicKey()), combined(publicKey(), certificates('k'.repeat(32)))]],
    ['one less verifier', () => [combined(publicKey(), certificates('k'.repeat(32))), combined(publicKey())]],
    ['a verifier that cannot be compared', () => [verifying({ ...ofTheApp }), verifying({ ...ofTheApp })]],
    [
      'another APIv2 key',
      () => [v2(new HmacSha256Signer({ key: V2_KEY })), v2(new HmacSha256Signer({ key: 'b'.repeat(32) }))],
    ],
    [
      'another APIv2 key for MD5',
      () => [v2(new Md5Signer({ key: V2_KEY })), v2(new Md5Signer({ key: 'b'.repeat(32) }))],
    ],
  ])('refuses %s', async (_, make) => {
    const merchants = new WxPayMerchants();
    const [held, given] = make();
    merchants.register('victim', held);

    const register = () => merchants.register('evil', given);

    expect(register).toThrow(WxPayConfigError);
    expect(register).toThrow(
      'mchid 1900000001 is registered already, as "victim", with other credentials. Pass the same keys, or set sharedMchid: true if both registrations are of one merchant; never take that option from a tenant.',
    );
    expect(merchants.names()).toEqual(['victim']);
    await merchants.onModuleDestroy();
  });

  it.each<[string, () => readonly [held: WxPayOptions, given: WxPayOptions]]>([
    ['the same options', () => [own(), own()]],
    [
      'certificates',
      () => [verifying(certificates('k'.repeat(32))), verifying(certificates('k'.repeat(32)))],
    ],
    [
      'certificates with the same trust',
      () => [
        verifying(certificates('k'.repeat(32), publicKey())),
        verifying(certificates('k'.repeat(32), publicKey())),
      ],
    ],
    ['several verifiers', () => [combined(publicKey()), combined(publicKey())]],
    ['one verifier of the app', () => [verifying(ofTheApp), verifying(ofTheApp)]],
    [
      'an APIv2 key, and another appid',
      () => [v2(new HmacSha256Signer({ key: V2_KEY })), v2(new HmacSha256Signer({ key: V2_KEY }), 'wx2')],
    ],
    ['an APIv2 key for MD5', () => [v2(new Md5Signer({ key: V2_KEY })), v2(new Md5Signer({ key: V2_KEY }))]],
    ['sharedMchid', () => [own(), { ...forged(), sharedMchid: true }]],
  ])('accepts it with %s', async (_, make) => {
    const merchants = new WxPayMerchants();
    const [held, given] = make();
    merchants.register('one', held);

    expect(merchants.register('other', given).mchid).toBe('1900000001');

    await merchants.onModuleDestroy();
  });

  it('accepts it after the other registration is removed', async () => {
    const merchants = new WxPayMerchants();
    merchants.register('one', own());
    merchants.unregister('one');

    expect(() => merchants.register('other', forged())).not.toThrow();

    await merchants.onModuleDestroy();
  });
});

describe('merchants.replace', () => {
  it('refuses the number of another registration with other credentials, and keeps the old options', async () => {
    const merchants = new WxPayMerchants();
    merchants.register('victim', own());
    merchants.register('evil', { ...forged(), mchid: '1900000002' });

    expect(() => merchants.replace('evil', forged())).toThrow(
      'mchid 1900000001 is registered already, as "victim"',
    );

    expect(merchants.get('evil').mchid).toBe('1900000002');
    await merchants.onModuleDestroy();
  });

  it('accepts new keys for the own number, and frees the previous number', async () => {
    const merchants = new WxPayMerchants();
    merchants.register('one', own());

    merchants.replace('one', forged());
    merchants.replace('one', { ...forged(), mchid: '1900000002' });

    expect(() => merchants.register('other', own())).not.toThrow();
    await merchants.onModuleDestroy();
  });
});

describe('WxPayMerchants, with a number that modules of the app register', () => {
  it('accepts it in two modules, and replaces their keys', async () => {
    const app = await containers.start(
      WxPayModule.forRoot(containers.gateway.options()),
      WxPayModule.forRoot({ ...containers.gateway.optionsV2(), name: 'counter' }),
    );
    const merchants = app.get(WxPayMerchants);

    merchants.replace('default', forged());

    expect(merchants.get('counter').mchid).toBe(merchants.get('default').mchid);
  });

  it('refuses it to a tenant', async () => {
    const app = await containers.start(WxPayModule.forRoot(containers.gateway.options()));

    expect(() => app.get(WxPayMerchants).register('evil', forged())).toThrow(WxPayConfigError);
  });

  it('refuses it to a tenant under a name that a module had', async () => {
    const app = await containers.start(
      WxPayModule.forRoot(containers.gateway.options()),
      WxPayModule.forRoot({ ...containers.gateway.optionsV2(), name: 'counter' }),
    );
    const merchants = app.get(WxPayMerchants);
    merchants.unregister('counter');
    merchants.register('counter', { ...forged(), mchid: '1900000002' });

    expect(() => merchants.replace('counter', forged())).toThrow(WxPayConfigError);
  });
});

class OtherSigner extends RsaSigner {
  constructor() {
    super({ privateKey: stranger.keys.merchantPrivateKey, serialNo: 'ABCDEF0123' });
  }
}
