import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { resolveOptions } from '../../../lib/merchants/resolve-options.js';
import { COMPLETE_ENVIRONMENT, loadWith, refusalOf } from '../../support/fixtures/complete-environment.js';

const scheme = fc.constantFrom('https://', 'http://', 'ftp://', 'HTTPS://', '//', '');
const user = fc.constantFrom('', '', 'user@', 'user:word@');
const host = fc.oneof(
  fc.constantFrom(
    'localhost',
    '127.0.0.1',
    '127.1',
    '0x7f.1',
    '[::1]',
    '[::2]',
    'LOCALHOST',
    '127.0.0.1.nip.io',
  ),
  fc.domain(),
  fc.ipV4(),
);
const rest = fc.constantFrom('', '', ':8443', ':0', '/', '/v3', '?x=1', '#x', '?', '#', '/.');

function isAccepted(load: () => unknown): boolean {
  try {
    load();
    return true;
  } catch {
    return false;
  }
}

describe('IsOrigin', () => {
  it('accepts the same hosts as the module', () => {
    const { signer, verifier } = loadWith();
    const verdicts = new Set<boolean>();

    fc.assert(
      fc.property(scheme, user, host, rest, (...parts) => {
        const origin = parts.join('');
        const byVariable = isAccepted(() => loadWith({ WXPAY_HOSTS: origin }));
        const byOption = isAccepted(() =>
          resolveOptions('default', { mchid: '1900007291', signer, verifier, hosts: [origin] }),
        );
        verdicts.add(byVariable);

        expect({ origin, accepted: byVariable }).toEqual({ origin, accepted: byOption });
      }),
      { numRuns: 300 },
    );
    expect(verdicts.size).toBe(2);
  });
});

describe('IsPublicKeyId', () => {
  const OWN = COMPLETE_ENVIRONMENT.WXPAY_SERIAL_NO;

  it.each([
    [OWN, "is the serial number of the merchant's own certificate."],
    [OWN.toLowerCase(), "is the serial number of the merchant's own certificate."],
    ['A'.repeat(40), 'is the serial number of a certificate.'],
    ['A'.repeat(41), 'must be the identifier of the WeChat Pay public key.'],
    [`x${'A'.repeat(40)}`, 'must be the identifier of the WeChat Pay public key.'],
    ['XPUB_KEY_ID_0119', 'must be the identifier of the WeChat Pay public key.'],
    ['PUB_KEY_ID_0119 2024', 'must be the identifier of the WeChat Pay public key.'],
    ['PUB_KEY_ID_', 'must be the identifier of the WeChat Pay public key.'],
  ])('refuses %s', (value, fault) => {
    const { faults } = refusalOf({ WXPAY_PUBLIC_KEY_ID: value });

    expect(faults).toEqual([
      `WXPAY_PUBLIC_KEY_ID ${fault} Copy the identifier shown beside the WeChat Pay public key (微信支付公钥) in the merchant console: it begins with PUB_KEY_ID_.`,
    ]);
  });
});
