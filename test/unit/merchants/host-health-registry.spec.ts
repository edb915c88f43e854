import { describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { Agent } from 'node:https';
import { HmacSha256Signer } from '../../../lib/v2/signing/hmac-sha256-signer.js';
import { HostHealthRegistry } from '../../../lib/merchants/host-health-registry.js';
import { resolveOptions } from '../../../lib/merchants/resolve-options.js';
import type { WxPayV2Options } from '../../../lib/merchants/wxpay-options.js';
import { certificateFor } from '../../support/fixtures/certificates.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

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
  it('returns one health for all merchants that connect directly', () => {
    const healths = new HostHealthRegistry();

    expect(healths.for(merchant())).toBe(healths.for(merchant({ mchid: '2' })));
  });

  it('returns one health for the merchants with the same client of the app, and for no others', () => {
    const healths = new HostHealthRegistry();
    const httpService = new HttpService();

    const behindProxy = healths.for(merchant({ httpService }));

    expect(healths.for(merchant({ httpService, mchid: '2' }))).toBe(behindProxy);
    expect(healths.for(merchant({ httpService: new HttpService() }))).not.toBe(behindProxy);
    expect(healths.for(merchant())).not.toBe(behindProxy);
  });

  it('returns one health for the merchants with the same agent of the app, and for no others', () => {
    const healths = new HostHealthRegistry();
    const httpsAgent = new Agent();

    const behindProxy = healths.for(merchant({ httpsAgent }));

    expect(healths.for(merchant({ httpsAgent, mchid: '2' }))).toBe(behindProxy);
    expect(healths.for(merchant({ httpsAgent: new Agent() }))).not.toBe(behindProxy);
    expect(healths.for(merchant())).not.toBe(behindProxy);
  });

  it('returns a separate health for each merchant with a client certificate', async () => {
    const healths = new HostHealthRegistry();
    const keys = rsaKeys();
    const clientCertificate = { cert: await certificateFor(keys), key: keys.privatePem };

    const certified = healths.for(merchant({ clientCertificate }));

    expect(healths.for(merchant({ clientCertificate }))).not.toBe(certified);
    expect(healths.for(merchant())).not.toBe(certified);
  });

  it('shares no health with the registry of another app', () => {
    expect(new HostHealthRegistry().for(merchant())).not.toBe(new HostHealthRegistry().for(merchant()));
  });
});
