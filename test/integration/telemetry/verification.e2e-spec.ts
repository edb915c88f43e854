import { describe, expect, it } from '@jest/globals';
import {
  WXPAY_CHANNELS,
  WxPaySignatureError,
  type HostEvent,
  type ReplyVerifiedEvent,
  type VerificationFailureEvent,
} from 'nestjs-wxpay';
import type { MockBehaviour } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { recordEvents } from '../../support/harness/recorded-events.js';
import { useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();
const verified = recordEvents<ReplyVerifiedEvent>(WXPAY_CHANNELS.replyVerified);
const failures = recordEvents<VerificationFailureEvent>(WXPAY_CHANNELS.verificationFailure);
const changes = recordEvents<HostEvent>(WXPAY_CHANNELS.host);

describe('the channel of verification failures', () => {
  it.each<[VerificationFailureEvent['reason'], MockBehaviour]>([
    ['missing', { fault: 'unsigned' }],
    ['mismatch', { fault: 'wrong-signature' }],
    ['unknown-serial', { fault: 'unknown-serial' }],
    ['probe', { fault: 'probe' }],
  ])('publishes a reply with the failure %s, although the retry succeeds', async (reason, behaviour) => {
    hosts.main.next(behaviour);
    const { name, orderQuery } = hosts.merchantWith();

    await orderQuery.query({ outTradeNo: 'T1' });

    expect(failures).toEqual([{ merchant: name, operation: 'order.query', reason }]);
    expect(verified).toHaveLength(1);
  });

  it('publishes and reports how far the clocks are apart', async () => {
    hosts.main.next({ fault: 'timestamp', secondsOff: 3_600 });

    const asking = hosts.merchantWith({ maxAttempts: 1 }).orderQuery.query({ outTradeNo: 'T1' });
    const error = await failureOf(WxPaySignatureError, asking);

    expect(failures).toMatchObject([{ reason: 'stale', clockOffsetMs: error.clockOffsetMs }]);
    expect(Number(error.clockOffsetMs)).toBeGreaterThan(3_595_000);
    expect(Number(error.clockOffsetMs)).toBeLessThanOrEqual(3_600_000);
  });

  it('publishes a reply over APIv2', async () => {
    hosts.main.next({ fault: 'wrong-signature' });
    const { name, orderQuery } = hosts.v2MerchantWith();

    await orderQuery.query({ outTradeNo: 'T1' });

    expect(failures).toEqual([{ merchant: name, operation: 'order.query', reason: 'mismatch' }]);
  });

  it('publishes a notification that could not be verified', async () => {
    const merchant = hosts.merchantWith();

    await failureOf(WxPaySignatureError, merchant.readNotification({ headers: {}, body: '{}' }));

    expect(failures).toEqual([{ merchant: merchant.name, operation: 'notification', reason: 'missing' }]);
  });

  it('publishes nothing if no reply came', async () => {
    hosts.main.next({ fault: 'reset', handled: false });

    await hosts.merchantWith().orderQuery.query({ outTradeNo: 'T1' });

    expect(failures).toEqual([]);
  });
});

describe('the channel of verified replies', () => {
  it('publishes how far the clocks are apart', async () => {
    hosts.main.next({ fault: 'timestamp', secondsOff: -120 });

    await hosts.merchantWith().orderQuery.query({ outTradeNo: 'T1' });

    expect(verified).toHaveLength(1);
    expect(Number(verified[0]?.clockOffsetMs)).toBeLessThanOrEqual(-120_000);
    expect(Number(verified[0]?.clockOffsetMs)).toBeGreaterThan(-125_000);
  });
});

describe('the channel of hosts', () => {
  it('publishes a host that becomes unhealthy once, and once that it is healthy again', async () => {
    const clock = { ms: 0 };
    const { orderQuery } = hosts.merchantByClock(clock);
    const query = () => orderQuery.query({ outTradeNo: 'T1' });
    for (let count = 0; count < 3; count++) hosts.main.next({ fault: 'reset', handled: false });

    await query();
    expect(changes).toEqual([]);
    await query();
    expect(changes).toEqual([{ host: hosts.main.url, state: 'unhealthy' }]);
    clock.ms += 180_001;
    await query();
    clock.ms += 180_001;
    await query();
    await query();

    expect(changes).toEqual([
      { host: hosts.main.url, state: 'unhealthy' },
      { host: hosts.main.url, state: 'healthy' },
    ]);
  });
});
