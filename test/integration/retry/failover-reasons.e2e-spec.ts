import { describe, expect, it } from '@jest/globals';
import { WxPayTransportError } from 'nestjs-wxpay';
import { startDeafHost } from '../../support/servers/deaf-host.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { REFUSING, useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();

describe('a call that fails on every host', () => {
  it.each([
    ['reset', 'ECONNRESET'],
    ['hang', 'no reply in time'],
  ] as const)('does not say "nothing was sent" if the first host fails with %s', async (fault, reason) => {
    hosts.main.next({ fault });
    const merchant = hosts.merchantWith({
      hosts: [hosts.main.url, REFUSING],
      maxAttempts: 2,
      attemptTimeoutMs: 200,
    });

    const error = await failureOf(WxPayTransportError, merchant.orderClose.close({ outTradeNo: 'T1' }));

    expect(error.outcomeUnknown).toBe(true);
    expect(error.message).not.toContain('Nothing was sent');
    expect(error.message).toContain('No connection could be made: check DNS, TLS');
    expect(error.message).toMatch(
      new RegExp(`2 attempts \\(\\S+: ${reason}; \\S+: ECONNREFUSED\\)\\. It may have been carried out`),
    );
  });

  it('says "nothing was sent" if no host could be reached', async () => {
    const deaf = await startDeafHost();
    const merchant = hosts.merchantWith({
      hosts: [deaf.url, REFUSING],
      maxAttempts: 2,
      attemptTimeoutMs: 200,
    });

    const error = await failureOf(WxPayTransportError, merchant.orderClose.close({ outTradeNo: 'T1' }));
    deaf.stop();

    expect(error).not.toHaveProperty('outcomeUnknown');
    expect(error.message).toContain('Nothing was sent, as no connection could be made');
    expect(error.message).toMatch(/2 attempts \(\S+: no connection in time; \S+: ECONNREFUSED\)\.$/);
  });
});
