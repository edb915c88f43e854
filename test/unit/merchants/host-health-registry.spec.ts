import { describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { HmacSha256Signer } from '../../../lib/v2/signing/hmac-sha256-signer.js';
import { HostHealthRegistry } from '../../../lib/merchants/host-health-registry.js';
import { resolveOptions } from '../../../lib/merchants/resolve-options.js';
import type { WxPayV2Options } from '../../../lib/merchants/wxpay-options.js';
import { certificateFor } from '../../support/fixtures/certificates.js';
import { generateRsaKeys } from '../../support/fixtures/rsa-keys.js';

const merchant = (overrides: Partial<WxPayV2Options> = {}) =>
  resolveOptions(
    'shop',
    {
      api: 'v2',
      mchid: '1900000001',
      appid: 'wx1',
      signer: new HmacSha256Signer({ key: 'k'.repeat(32) }),
      ...overrides,
    },
    [],
  );

describe('HostHealthRegistry', () => {
  it('shares what merchants that connect directly learn of the hosts', () => {
    const healths = new HostHealthRegistry();

    expect(healths.for(merchant())).toBe(healths.for(merchant({ mchid: '2' })));
  });

  it('shares it among those with the same client of the app, and with nobody else', () => {
    const healths = new HostHealthRegistry();
    const httpService = new HttpService();

    const behindProxy = healths.for(merchant({ httpService }));

    expect(healths.for(merchant({ httpService, mchid: '2' }))).toBe(behindProxy);
    expect(healths.for(merchant({ httpService: new HttpService() }))).not.toBe(behindProxy);
    expect(healths.for(merchant())).not.toBe(behindProxy);
  });

  it('keeps it apart for one with a client certificate', async () => {
    const healths = new HostHealthRegistry();
    const keys = generateRsaKeys();
    const clientCertificate = { cert: await certificateFor(keys), key: keys.privatePem };

    const certified = healths.for(merchant({ clientCertificate }));

    expect(healths.for(merchant({ clientCertificate }))).not.toBe(certified);
    expect(healths.for(merchant())).not.toBe(certified);
  });

  it('is not shared between apps', () => {
    expect(new HostHealthRegistry().for(merchant())).not.toBe(new HostHealthRegistry().for(merchant()));
  });
});
