import { describe, expect, it } from '@jest/globals';
import { Settings } from '../config/settings.js';

describe('Settings', () => {
  it('runs the demo on port 3000 when nothing is set', () => {
    expect(new Settings({})).toEqual({
      mode: 'demo',
      port: 3000,
      drainMs: 10_000,
      checkIntervalMs: 30_000,
      hasLegacyMerchant: false,
    });
  });

  it('has a second merchant as soon as WXPAY_LEGACY_MCHID is set', () => {
    expect(new Settings({ WXPAY_LEGACY_MCHID: '1900000001' })).toMatchObject({
      mode: 'live',
      hasLegacyMerchant: true,
    });
  });

  it.each([
    { WXPAY_MCHID: '1900000001' },
    { WXPAY_MCH_ID: '1900000001' },
    { WXPAY_PRIVATE_KEY: 'x' },
    { SIGNING_SERVICE_URL: 'http://localhost:8080/sign' },
  ])('goes live with %o', (env) => {
    expect(new Settings(env).mode).toBe('live');
  });

  it('takes the appid of the merchant', () => {
    expect(new Settings({ WXPAY_APPID: 'wx1' }).appid).toBe('wx1');
  });

  it('takes empty variables for ones that are not set', () => {
    expect(new Settings({ PORT: '', WXPAY_MCHID: '', SIGNING_SERVICE_URL: '' })).toEqual(new Settings({}));
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['DRAIN_MS', '10s'],
    ['DRAIN_MS', '-1'],
    ['CHECK_INTERVAL_MS', '30s'],
    ['SIGNING_SERVICE_URL', 'signing.internal/sign'],
    ['SIGNING_SERVICE_URL', 'ftp://signing.internal/sign'],
    ['DATABASE_URL', 'mysql://localhost/shop'],
    ['REDIS_URL', 'localhost:6379'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => new Settings({ [name]: value })).toThrow(new RegExp(`^${name} must be `));
  });
});
