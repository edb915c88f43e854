import { describe, expect, it } from '@jest/globals';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { Deadline } from '../../../lib/transport/deadline.js';
import { Steps, type KeyService } from '../../../lib/transport/steps.js';
import { liveBytes } from '../../support/assertions/heap.js';
import { CALL, localAttempt } from '../../support/harness/steps.js';

const SIGNER: KeyService = { name: 'signer', read: (signature) => signature };
const never = (): Promise<never> => new Promise(() => undefined);

/** Steps of a call that its caller may end. */
function stepsOf(timeoutMs = 60_000) {
  const caller = new AbortController();
  const deadline = new Deadline(timeoutMs, caller.signal);
  return { caller, deadline, steps: new Steps(CALL, deadline) };
}

describe('Steps.ask', () => {
  it('ends when the time is up, even if the service ignores the signal', async () => {
    const { deadline, steps } = stepsOf(5);

    await expect(steps.ask(SIGNER, 'signing', never)).rejects.toThrow();

    expect(deadline).toMatchObject({ expired: true, slowestStep: 'signing' });
  });

  it('aborts the signal of the service and ends with the reason when the caller aborts', async () => {
    const { caller, deadline, steps } = stepsOf();
    const signals: AbortSignal[] = [];
    const running = steps.ask(SIGNER, 'signing', (control) => {
      signals.push(control.signal, control.signal);
      return never();
    });

    caller.abort('changed my mind');

    await expect(running).rejects.toBe('changed my mind');
    expect(signals.map(({ reason }) => reason as unknown)).toEqual(['changed my mind', 'changed my mind']);
    deadline.stop();
  });

  it('begins no step for a caller who has already aborted', async () => {
    const { caller, deadline, steps } = stepsOf();
    caller.abort('too late');
    let started = false;

    const running = steps.ask(SIGNER, 'signing', () => void (started = true));

    await expect(running).rejects.toBe('too late');
    expect(started).toBe(false);
    expect(steps.signal.reason).toBe('too late');
    deadline.stop();
  });

  it('resolves with the value that the service returns, synchronously or later', async () => {
    const { deadline, steps } = stepsOf();

    await expect(steps.ask(SIGNER, 'signing', () => 7)).resolves.toBe(7);
    await expect(steps.ask(SIGNER, 'signing', () => Promise.resolve(8))).resolves.toBe(8);
    deadline.stop();
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('HSM busy'))],
    [
      'throws',
      () => {
        throw new Error('HSM busy');
      },
    ],
  ])('names the service and the call in the error when the service %s', async (_when, work) => {
    const { deadline, steps } = stepsOf();

    const failure: unknown = await steps.ask(SIGNER, 'signing', work).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(WxPayTransportError);
    expect(failure).toMatchObject({
      message:
        'The signer failed during order.query of order T1 (HSM busy). Check the key service that it uses.',
    });
    deadline.stop();
  });

  it('fails if the returned value cannot be read', async () => {
    const { deadline, steps } = stepsOf();
    const service: KeyService = {
      ...SIGNER,
      read: () => {
        throw new Error('no text');
      },
    };

    await expect(steps.ask(service, 'signing', () => 7)).rejects.toThrow(
      'The signer failed during order.query of order T1 (no text).',
    );
    deadline.stop();
  });

  it('fails with the error that the service maps its failures to', async () => {
    const { deadline, steps } = stepsOf();
    const failure = new WxPaySignatureError('unknown-serial');
    const service: KeyService = { ...SIGNER, name: 'verifier', failureOf: () => failure };

    await expect(steps.ask(service, 'verifying', () => Promise.reject(new Error('?')))).rejects.toBe(failure);
    deadline.stop();
  });

  it.each([
    ['host', 'a later error', () => new Error('no reply')],
    ['app', 'the same error', (failure: unknown) => failure],
  ])('reports the origin %s for %s after the signer failed', async (origin, _, errorOf) => {
    const attempt = localAttempt();

    const result = await attempt.run(async () => {
      const busy = () => Promise.reject(new Error('HSM busy'));
      throw errorOf(await attempt.ask(SIGNER, 'signing', busy).catch((error: unknown) => error));
    });

    expect(result).toMatchObject({ ok: false, origin });
  });

  it('removes its callbacks when it has ended', async () => {
    const EIGHT_MEBIBYTES = 8 * 1_048_576;
    const before = liveBytes();
    const deadlines = Array.from({ length: 8 }, () => new Deadline(60_000));

    for (const deadline of deadlines) {
      const reply = Array.from({ length: EIGHT_MEBIBYTES / 64 }, (_, index) => index);
      await new Steps(CALL, deadline).ask(SIGNER, 'signing', () => Promise.resolve(reply));
      await deadline.pause(1);
    }

    expect(liveBytes() - before).toBeLessThan(EIGHT_MEBIBYTES / 2);
    for (const deadline of deadlines) deadline.stop();
  });
});
