import { describe, expect, it } from '@jest/globals';
import { loadOptions } from '../../../lib/config/load-options.js';
import { HmacSha256Signer, Md5Signer } from '../../../lib/index.js';
import { resolveOptions } from '../../../lib/merchants/resolve-options.js';
import {
  COMPLETE_ENVIRONMENT,
  COMPLETE_V2_ENVIRONMENT,
  loadV2With,
  loadWith,
  refusalOf,
  v2RefusalOf,
} from '../../support/fixtures/complete-environment.js';

const { WXPAY_API: _api, ...V2_WITHOUT_API } = COMPLETE_V2_ENVIRONMENT;
const V2_SUGGESTION =
  'WXPAY_API is not set, which means APIv3. WXPAY_API_V2_KEY belongs to APIv2: did you mean WXPAY_API=v2?';

function faultsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadOptions(env, { prefix: 'WXPAY_' });
  } catch (error) {
    return (error as { readonly faults: readonly string[] }).faults;
  }
  return [];
}

describe('loadOptions with API=v2', () => {
  it('makes the options of a merchant from the required variables alone', () => {
    const options = loadV2With();

    expect(options).toMatchObject({ api: 'v2', mchid: '1900007291', appid: 'wxd678efh567hg6787' });
    expect(options.clientCertificate).toBeUndefined();
    expect(() => resolveOptions('default', options)).not.toThrow();
  });

  it.each([
    [undefined, HmacSha256Signer],
    ['HMAC-SHA256', HmacSha256Signer],
    ['MD5', Md5Signer],
  ])('signs with SIGN_TYPE=%s', async (signType, type) => {
    const fields = { mch_id: '1900007291' };

    const { signer } = loadV2With({ WXPAY_SIGN_TYPE: signType });

    expect(signer).toBeInstanceOf(type);
    await expect(signer.sign(fields)).resolves.toBe(
      await new type({ key: COMPLETE_V2_ENVIRONMENT.WXPAY_API_V2_KEY }).sign(fields),
    );
  });

  it('reads the variables that both APIs have', () => {
    const options = loadV2With({
      WXPAY_HOSTS: 'https://api2.mch.weixin.qq.com',
      WXPAY_TIMEOUT_MS: '5000',
      WXPAY_MAX_REPLY_BYTES: '65536',
      WXPAY_USER_AGENT: 'shop/4.2',
    });

    expect(options).toMatchObject({
      hosts: ['https://api2.mch.weixin.qq.com'],
      timeoutMs: 5000,
      maxReplyBytes: 65536,
      userAgent: 'shop/4.2',
    });
  });

  it('lists every missing variable, and none of APIv3', () => {
    const faults = faultsOf({ WXPAY_API: 'v2' });

    expect(faults).toEqual(
      ['MCHID', 'APPID', 'API_V2_KEY'].map(
        (name) =>
          `WXPAY_${name} is not set. Set it in the environment, or in .env and import ConfigModule.forRoot(), whose validate or validationSchema has to keep the name.`,
      ),
    );
  });

  it('ignores the variables of APIv3', () => {
    const changes = {
      WXPAY_SERIAL_NO: 'damaged',
      WXPAY_PUBLIC_KEY: 'damaged',
      WXPAY_API_V3_KEY: 'damaged',
      WXPAY_VERIFY_WITH: 'damaged',
      WXPAY_CODE_PAY_APPID: '?',
      WXPAY_PRIVATE_KEY_FILE: '/nowhere/apiclient_key.pem',
    };

    expect(() => loadV2With(changes)).not.toThrow();
  });

  it.each([
    ['WXPAY_APPID', 'wx 1', 'must be the appid that orders are placed with, such as wxd678efh567hg6787.'],
    [
      'WXPAY_API_V2_KEY',
      'k'.repeat(31),
      'must be exactly 32 bytes, not 31. Copy the APIv2 key that was set in the merchant console.',
    ],
    ['WXPAY_SIGN_TYPE', 'HMAC_SHA256', 'must be HMAC-SHA256 or MD5.'],
    ['WXPAY_SIGN_TYPE', 'md5', 'must be HMAC-SHA256 or MD5.'],
    ['WXPAY_MCHID', 'wx1900', 'must be the merchant number: digits only.'],
  ])('refuses %s=%s', (name, value, problem) => {
    const { faults } = v2RefusalOf({ [name]: value });

    expect(faults).toEqual([`${name} ${problem}`]);
  });

  it('asks whether WXPAY_APPID was meant by WXPAY_APP_ID', () => {
    const { faults } = v2RefusalOf({ WXPAY_APPID: undefined, WXPAY_APP_ID: 'wxd678efh567hg6787' });

    expect(faults).toEqual(['WXPAY_APPID is not set. Did you mean WXPAY_APP_ID? Rename it to WXPAY_APPID.']);
  });
});

describe('loadOptions with and without API', () => {
  it.each(['V2', 'v1', '2', 'https://api.mch.weixin.qq.com'])(
    'refuses API=%s and blames nothing else',
    (api) => {
      const faults = faultsOf({ WXPAY_API: api, WXPAY_MCHID: '1900007291' });

      expect(faults).toEqual(['WXPAY_API must be v3 or v2.']);
    },
  );

  it('reports the faults of common variables beside an invalid API', () => {
    const faults = faultsOf({ WXPAY_API: 'V2', WXPAY_MCHID: 'none' });

    expect(faults).toEqual([
      'WXPAY_API must be v3 or v2.',
      'WXPAY_MCHID must be the merchant number: digits only.',
    ]);
  });

  it.each([undefined, '', 'v3'])('treats API=%s as APIv3', (api) => {
    expect(loadWith({ WXPAY_API: api })).toMatchObject({ signer: { serialNo: expect.any(String) } });
  });

  it('ignores the variables of APIv2 for APIv3', () => {
    const changes = {
      WXPAY_API_V2_KEY: 'damaged',
      WXPAY_SIGN_TYPE: 'damaged',
      WXPAY_CLIENT_CERT: 'damaged',
    };

    expect(() => loadWith(changes)).not.toThrow();
  });

  it('suggests API=v2 first if only the variables of APIv2 are set', () => {
    const faults = faultsOf(V2_WITHOUT_API);

    expect(faults[0]).toBe(V2_SUGGESTION);
    expect(faults.map((fault) => fault.split(' ')[0])).toContain('WXPAY_SERIAL_NO');
  });

  it.each([
    ['an appid alone', { WXPAY_MCHID: '1900007291', WXPAY_APPID: 'wxd678efh567hg6787' }],
    ['API=v3', { ...V2_WITHOUT_API, WXPAY_API: 'v3' }],
    ['a serial number', { ...V2_WITHOUT_API, WXPAY_SERIAL_NO: COMPLETE_ENVIRONMENT.WXPAY_SERIAL_NO }],
  ])('does not suggest API=v2 with %s', (_, env) => {
    const faults = faultsOf(env);

    expect(faults).not.toContain(V2_SUGGESTION);
    expect(faults).not.toEqual([]);
  });

  it('lets a merchant of APIv3 reverse with CODE_PAY_APPID', () => {
    const options = loadWith({ WXPAY_CODE_PAY_APPID: 'wxd678efh567hg6787' });

    expect(options.codePayReverse).toEqual({ appid: 'wxd678efh567hg6787' });
    expect(loadWith().codePayReverse).toBeUndefined();
  });

  it('rejects a CODE_PAY_APPID that is not an appid', () => {
    const { faults } = refusalOf({ WXPAY_CODE_PAY_APPID: 'wx 1' });

    expect(faults).toEqual([
      'WXPAY_CODE_PAY_APPID must be the appid that orders are placed with, such as wxd678efh567hg6787.',
    ]);
  });
});
