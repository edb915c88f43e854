import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import type { KeyService, Steps } from '../../../lib/transport/steps.js';
import { runLocally } from '../../../lib/transport/run-locally.js';
import { receive, type NotificationLimits } from '../../../lib/transport/receive.js';
import { verificationFailureChannel } from '../../../lib/telemetry/channels.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { CALL } from '../../support/harness/steps.js';

const SIGNER: KeyService = { name: 'signer', read: (signature) => signature };
const never = (): Promise<never> => new Promise(() => undefined);
/** Work that lasts until its time is up, with and without a step. */
const signing = (steps: Steps) => steps.ask(SIGNER, 'signing', never);
const noStep = (steps: Steps) =>
  new Promise((_resolve, reject) =>
    steps.signal.addEventListener('abort', () => reject(new Error('aborted'))),
  );
const LIMITS: NotificationLimits = { timeoutMs: 1_000, maxBytes: 10, maxNotificationBytes: 10 };

afterEach(() => void jest.useRealTimers());

describe('runLocally', () => {
  it('resolves with the result of the work, and leaves no timer', async () => {
    jest.useFakeTimers();

    await expect(runLocally(CALL, { timeoutMs: 1_000 }, () => Promise.resolve(7))).resolves.toBe(7);

    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    ['signing', signing],
    ['waiting', noStep],
  ])('ends when its time is up, and names the step that took it: %s', async (step, work) => {
    jest.useFakeTimers();
    const failing = failureOf(WxPayTransportError, runLocally(CALL, { timeoutMs: 49.5 }, work));

    await jest.advanceTimersByTimeAsync(50);

    expect(await failing).toMatchObject({
      message: `order.query of order T1 took more than 50 ms (most of the time went into ${step}). Repeat the call, or give it more time.`,
      merchant: 'default',
      timedOut: true,
    });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('throws the reason of a caller who aborts', async () => {
    const caller = new AbortController();
    const running = runLocally(CALL, { timeoutMs: 1_000, signal: caller.signal }, signing);

    caller.abort('changed my mind');

    await expect(running).rejects.toBe('changed my mind');
  });
});

describe('receive', () => {
  it.each([
    [11, 10, 20, 'body has 11 bytes; the option maxReplyBytes allows 10.'],
    [11, 20, 10, 'body has 11 bytes; no notification has more than 10.'],
    [11, 10, 10, 'body has 11 bytes; no notification has more than 10.'],
  ])('refuses %i bytes with the limits %i and %i', async (bytes, maxBytes, maxNotificationBytes, message) => {
    const limits = { ...LIMITS, maxBytes, maxNotificationBytes };
    let isRead = false;

    const receiving = receive(CALL, Buffer.alloc(bytes), limits, async () => void (isRead = true));

    await expect(receiving).rejects.toThrow(expect.objectContaining({ message, field: 'body' }));
    expect(isRead).toBe(false);
  });

  it('resolves with the result for a body of exactly the limit, and leaves no timer', async () => {
    jest.useFakeTimers();

    await expect(receive(CALL, Buffer.alloc(10), LIMITS, () => Promise.resolve(7))).resolves.toBe(7);

    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    [10_000, 4_500],
    [49.5, 50],
  ])('ends with a timeout of %d ms after %i ms', async (timeoutMs, afterMs) => {
    jest.useFakeTimers();
    const failing = failureOf(
      WxPayTransportError,
      receive(CALL, Buffer.alloc(1), { ...LIMITS, timeoutMs }, signing),
    );

    await jest.advanceTimersByTimeAsync(afterMs);

    expect(await failing).toMatchObject({
      message:
        `A notification to order T1 could not be checked within ${afterMs} ms (most of the time went into signing). ` +
        'WeChat Pay sends it again: check the key service, or the way to WeChat Pay if certificates are downloaded.',
      merchant: 'default',
      timedOut: true,
    });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('throws and publishes the failure of the verification', async () => {
    const failure = new WxPaySignatureError('stale');
    const events: unknown[] = [];
    const note = (event: unknown) => void events.push(event);
    verificationFailureChannel.subscribe(note);

    const receiving = receive(CALL, Buffer.alloc(1), LIMITS, () => Promise.reject(failure));

    await expect(receiving).rejects.toBe(failure);
    verificationFailureChannel.unsubscribe(note);
    expect(events).toMatchObject([{ merchant: 'default', operation: 'order.query', reason: 'stale' }]);
  });
});
