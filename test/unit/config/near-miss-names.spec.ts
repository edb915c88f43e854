import { describe, expect, it } from '@jest/globals';
import { findNearMiss } from '../../../lib/config/near-misses.js';

/** Looks for a variable in an environment where another one is set. */
function find(variable: string, given: string, prefix = 'WXPAY_'): string | undefined {
  return findNearMiss(variable, {
    env: { [given]: 'something' },
    prefix,
    known: new Set(['MCHID', 'APPID']),
  });
}

describe('findNearMiss', () => {
  it.each(['WXPAY', 'WECHATPAY', 'WEIXINPAY', 'WXP', 'WECHAT', 'WEIXIN', 'WX'])(
    'finds the merchant number behind the prefix %s',
    (prefix) => {
      expect(find('MCHID', `${prefix}_MERCHANT_ID`)).toBe(`${prefix}_MERCHANT_ID`);
    },
  );

  it.each([
    ['MCHID', 'MCH_NO MID MERCHANT_ID MERCHANT_NO MCH_NUMBER MCH_NUM'],
    [
      'SERIAL_NO',
      'SERIAL MCH_SERIAL_NO MERCHANT_SERIAL_NO CERT_SERIAL_NO MCH_CERT_SERIAL_NO CERTIFICATE_SERIAL SERIAL_NUMBER',
    ],
    ['PRIVATE_KEY', 'APICLIENT_KEY MCH_PRIVATE_KEY MERCHANT_PRIVATE_KEY PRIV_KEY'],
    [
      'PRIVATE_KEY_FILE',
      'APICLIENT_KEY_FILE MCH_PRIVATE_KEY_PATH MERCHANT_PRIVATE_KEY_FILE KEY_FILE PRIV_KEY_PATH PRIVATE_KEY_PATH',
    ],
    ['PUBLIC_KEY', 'PUB_KEY PLATFORM_PUBLIC_KEY'],
    ['PUBLIC_KEY_FILE', 'PUB_KEY_FILE PLATFORM_PUBLIC_KEY_PATH'],
    ['PUBLIC_KEY_ID', 'PUB_KEY_ID PLATFORM_PUBLIC_KEY_ID'],
    ['API_V3_KEY', 'V3_KEY API_KEY_V3 API_V3_SECRET APIV3KEY'],
    ['API_V2_KEY', 'V2_KEY API_KEY_V2 API_KEY MCH_KEY KEY'],
    ['CLIENT_CERT', 'APICLIENT_CERT CLIENT_CERTIFICATE'],
    ['CLIENT_CERT_FILE', 'APICLIENT_CERT_PATH CERTIFICATE_FILE'],
  ])('finds %s under its other names', (variable, names) => {
    for (const name of names.split(' ')) expect(find(variable, `WXPAY_${name}`)).toBe(`WXPAY_${name}`);
  });

  it.each([
    ['a missing character', 'WXPAY_APPI'],
    ['a missing character inside', 'WXPAY_APID'],
    ['an additional character', 'WXPAY_APPIDS'],
    ['an additional character inside', 'WXPAY_APPLID'],
    ['a wrong character', 'WXPAY_APPIX'],
    ['a wrong character inside', 'WXPAY_AXPID'],
    ['two swapped characters', 'WXPAY_APIPD'],
  ])('finds a name with %s', (_, given) => {
    expect(find('APPID', given)).toBe(given);
  });

  it.each([
    ['two wrong characters', 'APPID', 'WXPAY_AXPXD'],
    ['two missing characters', 'APPID', 'WXPAY_APP'],
    ['two additional characters', 'APPID', 'WXPAY_APPIDED'],
    ['a wrong first character', 'APPID', 'WXPAY_OPPID'],
    ['a wrong character in a short name', 'API', 'WXPAY_APL'],
    ['a prefix that only begins like the right one', 'APPID', 'WXPAX_APPID'],
  ])('does not find a name with %s', (_, variable, given) => {
    expect(find(variable, given)).toBeUndefined();
  });

  it('looks for names behind a prefix of the app, and behind no other', () => {
    expect(find('MCHID', 'SHOP_MERCHANT_ID', 'SHOP_')).toBe('SHOP_MERCHANT_ID');
    expect(find('MCHID', 'WXPAY_MERCHANT_ID', 'SHOP_')).toBeUndefined();
  });
});
