import { describe, expect, it } from '@jest/globals';
import { WxPayMerchants, type WxPayOptions } from 'nestjs-wxpay';
import { startGateway } from '../../support/servers/mock-gateway.js';

/** Every option that may be left out, as an app has it that asks its configuration for each. */
const UNSET = {
  sharedMchid: undefined,
  notifyUrl: undefined,
  refundNotifyUrl: undefined,
  hosts: undefined,
  timeoutMs: undefined,
  attemptTimeoutMs: undefined,
  maxAttempts: undefined,
  maxInFlight: undefined,
  hostRecoveryMs: undefined,
  minOrderAgeMs: undefined,
  maxReplyBytes: undefined,
  httpService: undefined,
  userAgent: undefined,
};
const UNSET_V3 = {
  ...UNSET,
  api: undefined,
  appid: undefined,
  signingConcurrency: undefined,
  codePayReverse: undefined,
};
const UNSET_V2 = { ...UNSET, clientCertificate: undefined };

describe('an option with the value undefined', () => {
  it.each([
    ['v3', UNSET_V3],
    ['v2', UNSET_V2],
  ] as const)('counts as left out, over %s', async (api, unset) => {
    await using gateway = await startGateway({ ageRules: false });
    gateway.orders.create({ outTradeNo: 'T20260101', amount: { total: 100 } });
    const merchants = new WxPayMerchants();
    const given = api === 'v3' ? gateway.options() : gateway.optionsV2();
    const { hosts } = given;
    const merchant = merchants.register('shop', { ...given, ...unset, hosts } as WxPayOptions);
    const ref = { outTradeNo: 'T20260101', transactionId: undefined, subMchid: undefined };
    const nothing = { timeoutMs: undefined, signal: undefined, share: undefined, createdAt: undefined };

    await expect(merchant.orderQuery.query(ref, nothing)).resolves.toMatchObject({ tradeState: 'NOTPAY' });
    await expect(merchant.orderSettle.settle(ref, nothing)).resolves.toMatchObject({ outcome: 'closed' });
    await expect(merchant.orderClose.close(ref, nothing)).resolves.toBeUndefined();

    await merchants.onModuleDestroy();
  });

  it('counts as left out when a mock gateway starts', async () => {
    await using gateway = await startGateway({
      mchid: undefined,
      port: undefined,
      keys: undefined,
    });

    expect(gateway.options()).toMatchObject({ mchid: expect.stringMatching(/^\d+$/) });
  });
});
