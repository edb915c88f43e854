import { describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import {
  HmacSha256Signer,
  WxPayConfigError,
  WxPayMerchants,
  type WxPayV2Options,
} from '../../../lib/index.js';

const OPTIONS: WxPayV2Options = {
  api: 'v2',
  mchid: '1900000001',
  appid: 'wxd678efh567hg6787',
  signer: new HmacSha256Signer({ key: 'k'.repeat(32) }),
};

describe('WxPayMerchants', () => {
  it('says what to do without a default merchant', () => {
    const merchants = new WxPayMerchants();
    merchants.register('eu', OPTIONS);

    expect(() => merchants.get()).toThrow(
      new WxPayConfigError([
        'No WeChat Pay merchant is registered as "default". Registered: "eu". Add WxPayModule.forRoot({ … }) or call merchants.register(\'default\', …).',
      ]),
    );
  });

  it('says what to do without any merchant', () => {
    expect(() => new WxPayMerchants().get('eu')).toThrow(
      "No WeChat Pay merchant is registered as \"eu\". Registered: none. Add WxPayModule.forRoot({ name: 'eu', … }) or call merchants.register('eu', …). An app that lists WxPayMerchants in providers has an empty registry of its own: remove it there, WxPayModule provides it.",
    );
  });

  it.each([
    [11, '"m10" and 1 other.'],
    [12, '"m10" and 2 others.'],
  ])('names ten of %i merchants, and counts the rest', (count, end) => {
    const merchants = new WxPayMerchants();
    for (let i = 1; i <= count; i++) merchants.register(`m${i}`, OPTIONS);

    expect(() => merchants.get('eu')).toThrow(end);
  });

  it.each<unknown>(['', undefined, 7])('registers no merchant under the name %j', (name) => {
    // Sound: JavaScript callers pass any name.
    const register = () => new WxPayMerchants().register(name as string, OPTIONS);

    expect(register).toThrow(new WxPayConfigError(['name must be a non-empty string.'], { merchant: '' }));
  });

  it('registers no second merchant under a name', () => {
    const merchants = new WxPayMerchants();
    merchants.register('eu', OPTIONS);

    expect(() => merchants.register('eu', OPTIONS)).toThrow(
      'name is already registered. Give each registration a name of its own, or use merchants.replace().',
    );
  });

  it('checks other registrations of the mchid when a tenant is replaced, not when a module is', () => {
    const merchants = new WxPayMerchants();
    const other = { ...OPTIONS, signer: new HmacSha256Signer({ key: 'x'.repeat(32) }) };
    merchants.registerOfModule('module', OPTIONS);
    merchants.register('tenant', OPTIONS);

    expect(() => merchants.replace('tenant', other)).toThrow('is registered already, as "module"');
    expect(() => merchants.replace('module', other)).not.toThrow();
  });

  it('tells a listener of each merchant that is registered after it, until the listener is removed', () => {
    const merchants = new WxPayMerchants();
    const heard: string[] = [];
    merchants.register('before', OPTIONS);

    const remove = merchants.onRegistered((name) => heard.push(name));
    merchants.register('eu', OPTIONS);
    merchants.replace('eu', OPTIONS);
    remove();
    merchants.register('after', OPTIONS);

    expect(heard).toEqual(['eu']);
  });

  it('waits for work that its app does before it closes, while the merchants can still be used', async () => {
    const merchants = new WxPayMerchants();
    merchants.register('eu', OPTIONS);
    const steps: string[] = [];
    merchants.beforeClose(async () => {
      await setImmediate();
      steps.push(merchants.get('eu').mchid);
    });

    await merchants.onModuleDestroy();
    steps.push('closed');

    expect(steps).toEqual(['1900000001', 'closed']);
  });
});
