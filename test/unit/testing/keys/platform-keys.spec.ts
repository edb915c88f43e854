import { describe, expect, it } from '@jest/globals';
import type { CertifiedKey } from '../../../../lib/testing/keys/platform-certificate.js';
import { PlatformKeys } from '../../../../lib/testing/keys/platform-keys.js';
import { rsaKeys } from '../../../support/fixtures/rsa-keys.js';

const { privateKey } = rsaKeys();
const PUBLIC = { id: 'PUB_KEY_ID_1', privateKey };
const certified = (serialNo: string): CertifiedKey => ({
  id: serialNo,
  privateKey,
  certificate: { serialNo, certificate: '', effectiveAt: new Date(0), expiresAt: new Date(1) },
});
const [OLD, NEW] = [certified('5A'), certified('5B')];

describe('PlatformKeys', () => {
  it.each<[string, PlatformKeys, string | undefined, string]>([
    ['the only key', new PlatformKeys(PUBLIC, [], 'certificate'), undefined, 'PUB_KEY_ID_1'],
    ['the only certificate', new PlatformKeys(undefined, [OLD], 'public-key'), undefined, '5A'],
    ['the preferred public key', new PlatformKeys(PUBLIC, [OLD], 'public-key'), undefined, 'PUB_KEY_ID_1'],
    ['the preferred certificate', new PlatformKeys(PUBLIC, [OLD], 'certificate'), undefined, '5A'],
    ['the public key named', new PlatformKeys(PUBLIC, [OLD], 'certificate'), 'PUB_KEY_ID_1', 'PUB_KEY_ID_1'],
    ['the certificate named', new PlatformKeys(PUBLIC, [OLD], 'public-key'), '5A', '5A'],
    ['the newest of the certificates', new PlatformKeys(PUBLIC, [OLD, NEW], 'public-key'), '5A', '5B'],
  ])('signs with %s', (_, keys, named, id) => {
    expect(keys.signerFor(named).id).toBe(id);
  });

  it('has the keys in service only', () => {
    const keys = new PlatformKeys(PUBLIC, [OLD], 'certificate');
    keys.add(NEW);
    keys.remove('5A');

    expect(['PUB_KEY_ID_1', '5A', '5B', '5C'].map((id) => keys.has(id))).toEqual([true, false, true, false]);
    expect(keys.certificates).toEqual([NEW.certificate]);
  });

  it('rejects the removal of the last certificate and of an unknown one', () => {
    const keys = new PlatformKeys(PUBLIC, [OLD], 'certificate');

    expect(() => keys.remove('5A')).toThrow('The last platform certificate cannot be removed.');
    expect(() => keys.remove('5B')).toThrow('There is no platform certificate "5B".');
    expect(keys.certificates).toEqual([OLD.certificate]);
  });
});
