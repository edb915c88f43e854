import { describe, expect, it } from '@jest/globals';
import { WxPayTransportError } from '../../../../lib/errors/wxpay-transport-error.js';
import { SENDING } from '../../../../lib/transport/deadline.js';
import { Calls, RECOVERY_MS, refusal, silence, type Terms } from '../../../support/harness/told-calls.js';

describe('Attempts, recording the health of the host', () => {
  it('counts a timeout of the call after the minimum silence as a failure of the host', async () => {
    const calls = new Calls();

    for (let count = 0; count < 2; count++) {
      await calls.run(['hang'], { maxAttempts: 1, timeoutMs: 700, attemptTimeoutMs: 20 });
    }

    expect(calls.next).toBe('backup');
  });

  it('ignores a timeout of the call before the minimum silence', async () => {
    const calls = new Calls();

    for (let count = 0; count < 2; count++) await calls.run(['hang'], { maxAttempts: 1, timeoutMs: 20 });

    expect(calls.next).toBe('main');
  });

  it.each([
    ['ignores a caller who aborts early', 1_000, 350, 'main'],
    [
      'counts a caller who aborts after half of the attempt timeout as a failure of the host',
      1_000,
      520,
      'backup',
    ],
    ['counts a caller who aborts after a second as a failure of the host', 3_000, 1_020, 'backup'],
    ['ignores a caller who aborts before the minimum silence', 400, 250, 'main'],
  ])('%s', async (_, attemptTimeoutMs, leavesAfterMs, next) => {
    const calls = new Calls();

    await Promise.all(
      [1, 2].map(() => calls.run(['hang'], { attemptTimeoutMs, signal: AbortSignal.timeout(leavesAfterMs) })),
    );

    expect(calls.next).toBe(next);
  });

  it('ignores the timeouts of attempts for which a call divides a short time', async () => {
    const calls = new Calls();

    for (let count = 0; count < 2; count++) {
      await calls.run(['hang'], { timeoutMs: 100, attemptTimeoutMs: 3_000 });
    }

    expect(calls.asked).toEqual(['main', 'backup', 'main', 'backup']);
    expect(calls.next).toBe('main');
  });

  it('counts a refusal as a reply of the host', async () => {
    const calls = new Calls();

    await calls.run([{ [SENDING]: silence() }]);
    await calls.run([{ [SENDING]: refusal('ORDER_NOT_EXIST') }]);
    await calls.run([{ [SENDING]: silence() }]);

    expect(calls.next).toBe('main');
  });

  it('ignores a page with HTTP 4xx from an intermediary', async () => {
    const calls = new Calls();
    const page = new WxPayTransportError('A page came.', { hosts: ['main'], attempts: 1, httpStatus: 407 });

    await calls.run([{ [SENDING]: silence() }]);
    await calls.run([{ [SENDING]: page }]);
    await calls.run([{ [SENDING]: silence() }]);

    expect(calls.next).toBe('backup');
  });

  it('ignores a late reply that was under way when the host failed', async () => {
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

  it('ignores a failure of the signer, even one that quotes a reply of its own', async () => {
    const calls = new Calls();

    await calls.run([{ [SENDING]: silence() }]);
    await calls.run([{ signing: refusal('SIGN_ERROR') }]);
    await calls.run([{ [SENDING]: silence() }]);

    expect(calls.next).toBe('backup');
  });
});

describe('Attempts, with an unhealthy host that is due for another chance', () => {
  async function callsAfterRecovery(meanwhile: readonly Terms[] = []): Promise<Calls> {
    const calls = new Calls();
    for (let count = 0; count < 2; count++) await calls.run([{ [SENDING]: silence() }]);
    calls.clock.ms += RECOVERY_MS / 2;
    for (const terms of meanwhile) await calls.run([], terms);
    calls.clock.ms += RECOVERY_MS / 2;
    calls.asked.splice(0);
    return calls;
  }

  it('lets one call try it, which then uses the other host', async () => {
    const calls = await callsAfterRecovery();

    await Promise.all([calls.run([{ [SENDING]: silence() }]), calls.run([]), calls.run([])]);

    expect(calls.asked).toEqual(['main', 'backup', 'backup', 'backup']);
  });

  it('does not let a call with a single attempt try it', async () => {
    const calls = await callsAfterRecovery([{}]);

    await calls.run([], { maxAttempts: 1 });

    expect(calls.asked).toEqual(['backup']);
  });

  it('lets the next call try it when the first caller aborts', async () => {
    const calls = await callsAfterRecovery();
    await calls.run(['hang'], { signal: AbortSignal.timeout(5) });

    await calls.run([]);

    expect(calls.asked).toEqual(['main', 'main']);
    expect(calls.next).toBe('main');
  });

  it('lets the next call try it when the signer of the first call fails', async () => {
    const calls = await callsAfterRecovery();
    await calls.run([{ signing: silence('kms') }]);

    await calls.run([]);

    expect(calls.asked).toEqual(['main', 'main']);
  });
});

describe('Attempts, choosing the error of the call', () => {
  it('throws the error of the signer unchanged, whatever was received before', async () => {
    const failure = silence('kms');

    await expect(
      new Calls().run([{ [SENDING]: refusal('SYSTEM_ERROR') }, { signing: failure }]),
    ).resolves.toBe(failure);
  });

  it('throws the last error with a reply rather than a later timeout', async () => {
    const answer = refusal('SYSTEM_ERROR');
    const silences = Array.from({ length: 3 }, () => ({ [SENDING]: silence() }));

    await expect(new Calls().run([{ [SENDING]: answer }, ...silences])).resolves.toBe(answer);
  });

  it('throws the error of the last page rather than a later timeout, with the count of all attempts', async () => {
    const page = new WxPayTransportError('A page came.', { hosts: ['main'], attempts: 1, httpStatus: 502 });
    const silences = Array.from({ length: 3 }, () => ({ [SENDING]: silence() }));

    await expect(new Calls().run([{ [SENDING]: page }, ...silences])).resolves.toMatchObject({
      message:
        'A page came. The call made 4 attempts (main: HTTP 502, no usable reply; backup: no usable reply).',
      httpStatus: 502,
      attempts: 4,
    });
  });

  it('throws the timeout if no reply was received, with all hosts and attempts', async () => {
    const silences = Array.from({ length: 4 }, () => ({ [SENDING]: silence() }));

    await expect(new Calls().run(silences)).resolves.toMatchObject({
      attempts: 4,
      hosts: ['main', 'backup'],
      timedOut: false,
    });
  });
});
