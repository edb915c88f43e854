import { describe, expect, it } from '@jest/globals';
import { CombinedVerifier, PlatformCertificateVerifier, PublicKeyVerifier } from '../../../lib/index.js';
import { COMPLETE_ENVIRONMENT, loadWith, refusalOf } from '../../support/fixtures/complete-environment.js';

const API_V3_KEY = { WXPAY_API_V3_KEY: 'k'.repeat(32) };
const NO_PUBLIC_KEY = { WXPAY_PUBLIC_KEY: undefined, WXPAY_PUBLIC_KEY_ID: undefined };
const PUBLIC_KEY_ID = COMPLETE_ENVIRONMENT.WXPAY_PUBLIC_KEY_ID;

describe('loadVerifier', () => {
  it.each([
    ['the public key if it is set', {}, PublicKeyVerifier],
    ['the public key if the APIv3 key is set too', API_V3_KEY, PublicKeyVerifier],
    [
      'certificates if only the APIv3 key is set',
      { ...NO_PUBLIC_KEY, ...API_V3_KEY },
      PlatformCertificateVerifier,
    ],
    ['the public key if asked for', { ...API_V3_KEY, WXPAY_VERIFY_WITH: 'public-key' }, PublicKeyVerifier],
    [
      'certificates if asked for',
      { ...API_V3_KEY, WXPAY_VERIFY_WITH: 'certificates' },
      PlatformCertificateVerifier,
    ],
    ['both if asked for', { ...API_V3_KEY, WXPAY_VERIFY_WITH: 'public-key, certificates' }, CombinedVerifier],
    [
      'both in the other order',
      { ...API_V3_KEY, WXPAY_VERIFY_WITH: 'certificates,public-key' },
      CombinedVerifier,
    ],
  ])('verifies with %s', (_, changes, type) => {
    expect(loadWith(changes).verifier).toBeInstanceOf(type);
  });

  it('prefers the public key if it is listed first', async () => {
    const { verifier } = loadWith({ ...API_V3_KEY, WXPAY_VERIFY_WITH: 'public-key,certificates' });

    await expect(verifier.acceptedSerialNo()).resolves.toBe(PUBLIC_KEY_ID);
  });

  it('downloads certificates from the hosts of the merchant', async () => {
    const { verifier } = loadWith({
      ...API_V3_KEY,
      ...NO_PUBLIC_KEY,
      // Nobody listens on this port.
      WXPAY_HOSTS: 'http://127.0.0.1:1',
    });

    await expect(verifier.acceptedSerialNo()).rejects.toMatchObject({
      code: 'WXPAY_TRANSPORT',
      hosts: ['127.0.0.1:1'],
    });
  });

  it.each(['certificates', 'certificates,public-key', 'public-key,certificates'])(
    'needs the APIv3 key for %s',
    (keys) => {
      const { faults } = refusalOf({ WXPAY_VERIFY_WITH: keys });

      expect(faults).toEqual([
        'WXPAY_API_V3_KEY is not set. Set it to the APIv3 key (APIv3密钥) of the merchant console: platform certificates come encrypted with it. If .env has it, the validate or validationSchema of ConfigModule.forRoot() has to keep the name.',
      ]);
    },
  );

  it.each(['public-key', 'certificates,public-key'])('requires the public key for %s', (keys) => {
    const { faults } = refusalOf({ ...API_V3_KEY, ...NO_PUBLIC_KEY, WXPAY_VERIFY_WITH: keys });

    expect(faults.map((fault) => fault.replace(/\. .*/, '.'))).toEqual([
      'WXPAY_PUBLIC_KEY_ID is not set.',
      'WXPAY_PUBLIC_KEY is not set.',
    ]);
  });

  it.each(['WXPAY_PUBLIC_KEY', 'WXPAY_PUBLIC_KEY_ID'])(
    'requires the rest of the public key beside %s',
    (name) => {
      const { faults } = refusalOf({
        ...NO_PUBLIC_KEY,
        ...API_V3_KEY,
        [name]: COMPLETE_ENVIRONMENT[name as never],
      });

      expect(faults).toHaveLength(1);
      expect(faults[0]).toMatch(/^WXPAY_PUBLIC_KEY(_ID)? is not set\./);
    },
  );

  it.each([
    ['WXPAY_PUBLICKEY', 'WXPAY_PUBLIC_KEY'],
    ['WXPAY_PUBLIC_KEY_PATH', 'WXPAY_PUBLIC_KEY_FILE'],
  ])('reports the misspelt %s instead of falling back to certificates', (given, right) => {
    const { faults } = refusalOf({ ...NO_PUBLIC_KEY, ...API_V3_KEY, [given]: 'something' });

    expect(faults).toContain(`WXPAY_PUBLIC_KEY is not set. Did you mean ${given}? Rename it to ${right}.`);
  });

  it('ignores the public key if VERIFY_WITH is certificates', () => {
    const changes = { ...API_V3_KEY, WXPAY_VERIFY_WITH: 'certificates', WXPAY_PUBLIC_KEY: 'damaged' };

    expect(loadWith(changes).verifier).toBeInstanceOf(PlatformCertificateVerifier);
  });

  it.each(['publickey', 'public-key;certificates', 'public-key,public-key', ',', 'both', 'PUBLIC-KEY'])(
    'refuses WXPAY_VERIFY_WITH=%s',
    (keys) => {
      const { faults } = refusalOf({ ...API_V3_KEY, WXPAY_VERIFY_WITH: keys });

      expect(faults).toEqual([
        'WXPAY_VERIFY_WITH must be public-key, certificates, or both separated by a comma, the preferred one first.',
      ]);
    },
  );

  it("reports one fault for the merchant's own serial number in place of the identifier", () => {
    const { faults } = refusalOf({
      ...API_V3_KEY,
      WXPAY_PUBLIC_KEY_ID: COMPLETE_ENVIRONMENT.WXPAY_SERIAL_NO,
      WXPAY_VERIFY_WITH: 'public-key,certificates',
    });

    expect(faults).toEqual([
      expect.stringMatching(/^WXPAY_PUBLIC_KEY_ID is the serial number of the merchant's own certificate\./),
    ]);
  });

  it('suggests the file of the APIv3 key for a misspelt one', () => {
    const { faults } = refusalOf({ ...NO_PUBLIC_KEY, WXPAY_API_V3_KEY_PATH: '/run/secrets/key' });

    expect(faults).toEqual([
      'WXPAY_API_V3_KEY is not set. Did you mean WXPAY_API_V3_KEY_PATH? Rename it to WXPAY_API_V3_KEY_FILE.',
    ]);
  });

  it.each([
    ['WXPAY_MCHID', 'none'],
    ['WXPAY_API_V3_KEY', 'too short'],
    ['WXPAY_HOSTS', 'nowhere'],
    ['WXPAY_TIMEOUT_MS', 'soon'],
    ['WXPAY_PRIVATE_KEY', 'no key'],
    ['WXPAY_SERIAL_NO', undefined],
  ])('reports one fault for one wrong variable of a merchant with certificates: %s', (name, value) => {
    const { faults } = refusalOf({ ...NO_PUBLIC_KEY, ...API_V3_KEY, [name]: value });

    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([name]);
  });

  it('reports no follow-up faults of missing variables', () => {
    const { faults } = refusalOf({
      ...NO_PUBLIC_KEY,
      ...API_V3_KEY,
      WXPAY_MCHID: undefined,
      WXPAY_PRIVATE_KEY: 'no key',
      WXPAY_HOSTS: 'nowhere',
    });

    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'WXPAY_MCHID',
      'WXPAY_HOSTS',
      'WXPAY_PRIVATE_KEY',
    ]);
  });
});
