import { describe, expect, it } from '@jest/globals';
import type { AttemptEvent } from '../../../../lib/telemetry/call-events.js';
import { WXPAY_CHANNELS } from '../../../../lib/telemetry/channels.js';
import { SendError } from '../../../../lib/transport/http/send-error.js';
import { SENDING } from '../../../../lib/transport/deadline.js';
import { recordCalls, recordEvents } from '../../../support/harness/recorded-events.js';
import { Calls, refusal, type Story, type Terms } from '../../../support/harness/told-calls.js';

const CALL = { merchant: 'default', operation: 'order.query', api: 'v3' };
const MAIN = { ...CALL, attempt: 1, host: 'https://main', isBackup: false, durationMs: 0 };
const BACKUP = { ...CALL, attempt: 2, host: 'https://backup', isBackup: true, durationMs: 0 };
const REPLY = { httpStatus: 200, requestId: '08F7-0' };
const SUCCESS = { outcome: 'success', error: undefined, ...REPLY };
const NO_REPLY = { httpStatus: undefined, requestId: undefined };
const ABORTED = { outcome: 'aborted', error: { type: 'aborted', message: 'The caller aborted the call.' } };
const TIME_IS_UP = { outcome: 'failed', error: { type: 'timeout', message: 'The time of the call was up.' } };
const FAILED = { outcome: 'failed', error: expect.objectContaining({ type: 'transport' }) };
const NO_CONNECTION = {
  outcome: 'failed',
  error: expect.objectContaining({
    message: expect.stringContaining('was made within 20 ms. Nothing was sent'),
  }),
};
const REFUSED = { outcome: 'refused', error: expect.objectContaining({ code: 'ORDER_NOT_EXIST' }) };

describe('the event of an attempt', () => {
  const attempts = recordEvents<AttemptEvent>(WXPAY_CHANNELS.attempt);

  it.each<[string, readonly Story[], () => Terms, readonly object[]]>([
    ['succeeds', [], () => ({}), [{ ...MAIN, ...SUCCESS }]],
    [
      'fails, and of the next on the backup',
      [new SendError('broken')],
      () => ({}),
      [
        { ...MAIN, ...FAILED, ...NO_REPLY },
        { ...BACKUP, ...SUCCESS },
      ],
    ],
    [
      'is refused',
      [{ [SENDING]: refusal('ORDER_NOT_EXIST') }],
      () => ({}),
      [{ ...MAIN, ...REFUSED, ...REPLY }],
    ],
    [
      'gets no connection in its own time',
      ['hang'],
      () => ({ attemptTimeoutMs: 20 }),
      [
        { ...MAIN, ...NO_CONNECTION, ...NO_REPLY },
        { ...BACKUP, ...SUCCESS },
      ],
    ],
    [
      'runs out of the time of the call',
      ['hang'],
      () => ({ timeoutMs: 20, maxAttempts: 1 }),
      [{ ...MAIN, ...TIME_IS_UP, ...NO_REPLY }],
    ],
    [
      'its caller aborts',
      ['hang'],
      () => ({ signal: AbortSignal.timeout(5) }),
      [{ ...MAIN, ...ABORTED, ...NO_REPLY }],
    ],
  ])('describes one that %s', async (_, stories, terms, events) => {
    const calls = new Calls();
    calls.clock.ms = 1_000;

    await calls.run(stories, terms());

    expect(attempts).toEqual(events);
  });
});

describe('the event of a call', () => {
  const calls = recordCalls();

  it('counts its attempts though no one subscribed to those', async () => {
    await new Calls().run([new SendError('broken')]);

    expect(calls.over).toMatchObject([{ ...REPLY, outcome: 'success', attempts: 2, host: 'https://backup' }]);
  });
});
