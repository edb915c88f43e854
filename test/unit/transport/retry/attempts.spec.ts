import { describe, expect, it } from '@jest/globals';
import { WxPayTransportError } from '../../../../lib/errors/wxpay-transport-error.js';
import { SENDING } from '../../../../lib/transport/retry/attempt.js';
import { Calls, RECOVERY_MS, refusal, silence } from '../../../support/harness/told-calls.js';

describe('what a call learns of its host', () => {
  it('is that it failed when the time ran out while it was silent for a fair time', async () => {
    const calls = new Calls();

    for (let count = 0; count < 2; count++) {
      await calls.run(['hang'], { maxAttempts: 1, timeoutMs: 700, attemptTimeoutMs: 20 });
    }

    expect(calls.next).toBe('backup');
  });

  it('is nothing when the time ran out before that', async () => {
    const calls = new Calls();

    for (let count = 0; count < 2; count++) await calls.run(['hang'], { maxAttempts: 1, timeoutMs: 20 });

    expect(calls.next).toBe('main');
  });

  it.each([
    ['nothing when the caller gave up before long', 1_000, 350, 'main'],
    ['that it failed when the caller gave up after half the time of the attempt', 1_000, 520, 'backup'],
    ['that it failed when the caller gave up after a second', 3_000, 1_020, 'backup'],
    ['nothing when the caller gave up before a fair time had passed', 400, 250, 'main'],
  ])('is %s', async (_, attemptTimeoutMs, leavesAfterMs, next) => {
    const calls = new Calls();

    await Promise.all(
      [1, 2].map(() => calls.run(['hang'], { attemptTimeoutMs, signal: AbortSignal.timeout(leavesAfterMs) })),
    );

    expect(calls.next).toBe(next);
  });

  it('is nothing when the call divided a short time between its attempts', async () => {
    const calls = new Calls();

    for (let count = 0; count < 2; count++) {
      await calls.run(['hang'], { timeoutMs: 100, attemptTimeoutMs: 3_000 });
    }

    expect(calls.asked).toEqual(['main', 'backup', 'main', 'backup']);
    expect(calls.next).toBe('main');
  });

  it('is that it works when it refused', async () => {
    const calls = new Calls();

    await calls.run([{ [SENDING]: silence() }]);
    await calls.run([{ [SENDING]: refusal('ORDER_NOT_EXIST') }]);
    await calls.run([{ [SENDING]: silence() }]);

    expect(calls.next).toBe('main');
  });

  it('is nothing when something in between answered with HTTP 4xx', async () => {
    const calls = new Calls();
    const page = new WxPayTransportError('A page came.', { hosts: ['main'], attempts: 1, httpStatus: 407 });

    await calls.run([{ [SENDING]: silence() }]);
    await calls.run([{ [SENDING]: page }]);
    await calls.run([{ [SENDING]: silence() }]);

    expect(calls.next).toBe('backup');
  });

  it('is nothing when an answer comes that was on its way when the host failed', async () => {
    const calls = new Calls();
    let answer = (): void => undefined;
    const late = calls.run([new Promise<void>((resolve) => (answer = resolve))]);

    await calls.run([{ [SENDING]: silence() }]);
    calls.clock.ms++;
    await calls.run([{ [SENDING]: silence() }]);
    answer();
    await late;

    expect(calls.next).toBe('backup');
  });

  it('is nothing when the signer failed, even if that reports an answer of its own', async () => {
    const calls = new Calls();

    await calls.run([{ [SENDING]: silence() }]);
    await calls.run([{ signing: refusal('SIGN_ERROR') }]);
    await calls.run([{ [SENDING]: silence() }]);

    expect(calls.next).toBe('backup');
  });
});

describe('a host that is ill and due for another chance', () => {
  async function ill(): Promise<Calls> {
    const calls = new Calls();
    for (let count = 0; count < 2; count++) await calls.run([{ [SENDING]: silence() }]);
    calls.clock.ms += RECOVERY_MS;
    calls.asked.splice(0);
    return calls;
  }

  it('is tried by one call, which goes on with the other', async () => {
    const calls = await ill();

    await Promise.all([calls.run([{ [SENDING]: silence() }]), calls.run([]), calls.run([])]);

    expect(calls.asked).toEqual(['main', 'backup', 'backup', 'backup']);
  });

  it('is not tried by a call that has but one attempt', async () => {
    const calls = await ill();

    await calls.run([], { maxAttempts: 1 });

    expect(calls.asked).toEqual(['backup']);
  });

  it('is tried by the next call when the first gave up', async () => {
    const calls = await ill();
    await calls.run(['hang'], { signal: AbortSignal.timeout(5) });

    await calls.run([]);

    expect(calls.asked).toEqual(['main', 'main']);
    expect(calls.next).toBe('main');
  });

  it('is tried by the next call when the signer of the first failed', async () => {
    const calls = await ill();
    await calls.run([{ signing: silence('kms') }]);

    await calls.run([]);

    expect(calls.asked).toEqual(['main', 'main']);
  });
});

describe('the failure of a call', () => {
  it('is that of the signer as it is, whatever was answered before', async () => {
    const failure = silence('kms');

    await expect(
      new Calls().run([{ [SENDING]: refusal('SYSTEM_ERROR') }, { signing: failure }]),
    ).resolves.toBe(failure);
  });

  it('is the last answer rather than the silence after it', async () => {
    const answer = refusal('SYSTEM_ERROR');
    const silences = Array.from({ length: 3 }, () => ({ [SENDING]: silence() }));

    await expect(new Calls().run([{ [SENDING]: answer }, ...silences])).resolves.toBe(answer);
  });

  it('is the last page rather than the silence after it, and does not pass it off as the last attempt', async () => {
    const page = new WxPayTransportError('A page came.', { hosts: ['main'], attempts: 1, httpStatus: 502 });
    const silences = Array.from({ length: 3 }, () => ({ [SENDING]: silence() }));

    await expect(new Calls().run([{ [SENDING]: page }, ...silences])).resolves.toMatchObject({
      message:
        'A page came. The call made 4 attempts (main: HTTP 502, no usable reply; backup: no usable reply).',
      httpStatus: 502,
      attempts: 4,
    });
  });

  it('is the silence where there was nothing else, with all hosts and attempts', async () => {
    const silences = Array.from({ length: 4 }, () => ({ [SENDING]: silence() }));

    await expect(new Calls().run(silences)).resolves.toMatchObject({
      attempts: 4,
      hosts: ['main', 'backup'],
      timedOut: false,
    });
  });
});
