import { describe, expect, it } from '@jest/globals';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { resolveOptions } from '../../../lib/merchants/resolve-options.js';
import { loadWith } from '../../support/fixtures/complete-environment.js';

const VALID = loadWith();

function faultsOf(overrides: object): readonly string[] {
  try {
    resolveOptions('default', { ...VALID, ...overrides });
  } catch (error) {
    if (error instanceof WxPayConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe.each([
  ['notifyUrl', 255],
  ['refundNotifyUrl', 256],
])('resolveOptions with %s', (option, max) => {
  const ofLength = (length: number) => 'https://shop.example/'.padEnd(length, 'x');

  it.each(['https://shop.example/wxpay', 'https://shop.example:8443', ofLength(max)])('accepts %s', (url) => {
    expect(resolveOptions('default', { ...VALID, [option]: url })).toMatchObject({ [option]: url });
  });

  it.each([
    'http://shop.example/wxpay',
    'http://127.0.0.1:3000/wxpay',
    'https://shop.example/wxpay?order=1',
    'https://shop.example/wxpay#top',
    'https://user:password@shop.example/wxpay',
    'https://shop.example/支付',
    'https://shop.example/a b',
    'https://[shop',
    'shop.example/wxpay',
    '',
    42,
    ofLength(max + 1),
  ])('refuses %j without quoting it', (url) => {
    expect(faultsOf({ [option]: url })).toEqual([
      `${option} must be an https address without user, query and fragment, at most ${max} characters of ASCII, such as https://shop.example/wxpay/notifications.`,
    ]);
  });

  it('accepts plain http to a loopback address if all hosts are loopback addresses', () => {
    const url = 'http://localhost:3000/wxpay';
    const hosts = ['http://127.0.0.1:3000', 'http://[::1]:3001'];

    expect(faultsOf({ hosts, [option]: url })).toEqual([]);
    expect(faultsOf({ hosts, [option]: 'http://shop.example/wxpay' })).toHaveLength(1);
    expect(faultsOf({ hosts: [...hosts, 'https://api.mch.weixin.qq.com'], [option]: url })).toHaveLength(1);
  });
});
