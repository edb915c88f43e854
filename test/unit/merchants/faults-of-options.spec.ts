import { describe, expect, it } from '@jest/globals';
import { faultsOfOptions } from '../../../lib/merchants/faults-of-options.js';
import { CombinedVerifier, PublicKeyVerifier, type WxPayOptions } from '../../../lib/index.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const COMMON = { mchid: '1900000001' };
const V3 = {
  ...COMMON,
  signer: { algorithm: 'WECHATPAY2-SHA256-RSA2048', serialNo: 'AB12', sign: () => '' },
  verifier: { verify: () => true, acceptedSerialNo: () => undefined },
};
const V2 = { ...COMMON, api: 'v2', appid: 'wxd678efh567hg6787', signer: { signType: 'MD5', sign: () => '' } };

// Sound: the checks take values of any type.
const faults = (options: object) => faultsOfOptions(options as WxPayOptions);

describe('faultsOfOptions', () => {
  it.each<[string, object]>([
    ['of APIv3', { ...V3, api: 'v3' }],
    ['with a shared number', { ...V3, sharedMchid: true }],
    ['with an app for payment codes', { ...V3, codePayReverse: { appid: 'wxd678efh567hg6787' } }],
    ['with a name in User-Agent', { ...V3, userAgent: 'shop/4.2' }],
    ['of APIv2', V2],
    ['of APIv2 with HMAC', { ...V2, signer: { signType: 'HMAC-SHA256', sign: () => '' } }],
  ])('accepts options %s', (_, options) => {
    expect(faults(options)).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['an unknown API', { ...V3, api: 'v4' }, "api must be 'v3' or 'v2'."],
    ['a text for true', { ...V3, sharedMchid: 'true' }, 'sharedMchid must be true or false.'],
    [
      'a malformed appid for payment codes',
      { ...V3, codePayReverse: { appid: 'no appid' } },
      'codePayReverse must be { appid } with the appid that 付款码 orders are placed with.',
    ],
    [
      'an appid without its object',
      { ...V3, codePayReverse: 'wxd678efh567hg6787' },
      'codePayReverse must be { appid } with the appid that 付款码 orders are placed with.',
    ],
    [
      'a User-Agent of two lines',
      { ...V3, userAgent: 'a\nb' },
      'userAgent must be printable ASCII, such as "shop/4.2".',
    ],
    ...['MD5 ', 'XMD5', 'HMAC-SHA256X', 'SHA256'].map((signType): [string, object, string] => [
      `the signature type ${signType}`,
      { ...V2, signer: { signType, sign: () => '' } },
      'signer must be a WxPayV2Signer with signType and sign(): pass new HmacSha256Signer({ key }) or your own.',
    ]),
  ])('refuses %s', (_, options, fault) => {
    expect(faults(options)).toEqual([fault]);
  });

  describe('with the serial number of the merchant in a PublicKeyVerifier', () => {
    const OWN = '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB';
    const { publicPem: publicKey } = rsaKeys();
    const verifierOf = (publicKeyId: string) => new PublicKeyVerifier({ publicKey, publicKeyId });
    const genuine = verifierOf('PUB_KEY_ID_1');
    const faultsOf = (verifier: object, serialNo = OWN) =>
      faults({ ...V3, signer: { ...V3.signer, serialNo }, verifier });

    it.each([
      ['the verifier', verifierOf(OWN), OWN],
      ['the verifier of a signer that writes it in small letters', verifierOf(OWN), OWN.toLowerCase()],
      ['one of several verifiers', new CombinedVerifier([genuine, verifierOf(OWN)]), OWN],
      [
        'a verifier within several',
        new CombinedVerifier([genuine, new CombinedVerifier([genuine, verifierOf(OWN)])]),
        OWN,
      ],
    ])('refuses %s', (_, verifier, serialNo) => {
      expect(faultsOf(verifier, serialNo)).toEqual([
        "verifier has the serialNo of signer as its publicKeyId, the serial number of the merchant's own certificate: pass the identifier shown beside the WeChat Pay public key in the merchant console, PUB_KEY_ID_….",
      ]);
    });

    it.each([
      ['the public key', genuine],
      ['a platform certificate', verifierOf('7132D72A03E93CDDF8C03BBD1F37EEDF')],
      ['both', new CombinedVerifier([genuine, verifierOf('7132D72A03E93CDDF8C03BBD1F37EEDF')])],
    ])('accepts %s', (_, verifier) => {
      expect(faultsOf(verifier)).toEqual([]);
    });

    it('leaves a signer without a serial number to its own fault', () => {
      expect(faults({ ...V3, signer: undefined, verifier: genuine })).toEqual([
        expect.stringMatching(/^signer must be/),
      ]);
    });
  });
});
