import { describe, expect, it } from '@jest/globals';
import {
  COMPLETE_ENVIRONMENT,
  loadWith,
  refusalOf,
  v2RefusalOf,
} from '../../support/fixtures/complete-environment.js';

describe('loadOptions with misspelt names', () => {
  it.each([
    ['WXPAY_MCHID', 'WECHAT_PAY_MCHID', 'WXPAY_MCHID'],
    ['WXPAY_MCHID', 'wechatpay_mch_id', 'WXPAY_MCHID'],
    ['WXPAY_MCHID', 'WX_MCHID', 'WXPAY_MCHID'],
    ['WXPAY_MCHID', 'WXPAY_MERCHANT_ID', 'WXPAY_MCHID'],
    ['WXPAY_MCHID', 'WXPAY_MHCID', 'WXPAY_MCHID'],
    ['WXPAY_MCHID', 'WXPAY.MCHID', 'WXPAY_MCHID'],
    ['WXPAY_SERIAL_NO', 'WXPAY_MCH_SERIAL_NO', 'WXPAY_SERIAL_NO'],
    ['WXPAY_SERIAL_NO', 'WXPAY_CERT_SERIAL', 'WXPAY_SERIAL_NO'],
    ['WXPAY_SERIAL_NO', 'WXPAY_SERAIL_NO', 'WXPAY_SERIAL_NO'],
    ['WXPAY_PRIVATE_KEY', 'WXPAY_APICLIENT_KEY', 'WXPAY_PRIVATE_KEY'],
    ['WXPAY_PRIVATE_KEY', 'WXPAY_KEY_PATH', 'WXPAY_PRIVATE_KEY_FILE'],
    ['WXPAY_PUBLIC_KEY_ID', 'WXPAY_PUB_KEY_ID', 'WXPAY_PUBLIC_KEY_ID'],
    ['WXPAY_PUBLIC_KEY_ID', 'WXPAY_PUBLIC_KEYID', 'WXPAY_PUBLIC_KEY_ID'],
    ['WXPAY_PRIVATE_KEY', 'WXPAY_PRIVATE_KEY_BASE64', 'WXPAY_PRIVATE_KEY'],
    ['WXPAY_PUBLIC_KEY', 'WXPAY_PUBLIC_KEY_B64', 'WXPAY_PUBLIC_KEY'],
    ['WXPAY_MCHID', 'MCHID', 'WXPAY_MCHID'],
    ['WXPAY_MCHID', 'mch_id', 'WXPAY_MCHID'],
    ['WXPAY_SERIAL_NO', 'SERIAL_NO', 'WXPAY_SERIAL_NO'],
  ])('reports %s and suggests %s', (missing, given, right) => {
    const { faults } = refusalOf({ [missing]: undefined, [given]: 'something' });

    expect(faults).toEqual([`${missing} is not set. Did you mean ${given}? Rename it to ${right}.`]);
  });

  it.each(['WXPAY_API_KEY', 'WXPAY_MCH_KEY', 'WXPAY_V2_KEY', 'WXPAY_APIV2KEY'])(
    'reports WXPAY_API_V2_KEY and suggests %s',
    (given) => {
      const { faults } = v2RefusalOf({ WXPAY_API_V2_KEY: undefined, [given]: 'something' });

      expect(faults).toEqual([
        `WXPAY_API_V2_KEY is not set. Did you mean ${given}? Rename it to WXPAY_API_V2_KEY.`,
      ]);
    },
  );

  it.each([
    ['WXPAY_PUBLIC_KEY', 'another variable of the merchant', {}],
    ['WXPAY_API_V2_KEY', 'the key of the other API', { WXPAY_API_V3_KEY: 'k'.repeat(32) }],
    ['WXPAY_MCHID', 'a variable of another merchant', { WXPAY_EU_MCHID: '1900007292' }],
    ['WXPAY_MCHID', 'a variable of another prefix', { SHOP_MCHID: '1900007292' }],
    ['WXPAY_MCHID', 'a variable that is empty', { WXPAY_MCH_ID: ' ' }],
  ])('reports %s without suggesting %s', (missing, _kind, env) => {
    const refusal = missing === 'WXPAY_API_V2_KEY' ? v2RefusalOf : refusalOf;

    const { faults } = refusal({ [missing]: undefined, ...env });

    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`${missing} is not set. Set it`);
  });

  it('prefers a name with the prefix to one without', () => {
    const { faults } = refusalOf({ WXPAY_MCHID: undefined, MCHID: '1', WXPAY_MERCHANT_ID: '2' });

    expect(faults[0]).toContain('Did you mean WXPAY_MERCHANT_ID?');
  });

  it('ignores them if no variable is missing', () => {
    expect(loadWith({ WX_PAY_MCHID: '1', WXPAY_MERCHANT_ID: '2' }).mchid).toBe(
      COMPLETE_ENVIRONMENT.WXPAY_MCHID,
    );
  });
});
