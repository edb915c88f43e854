import { describe, expect, it } from '@jest/globals';
import { WxPayApiError } from '../../../../lib/errors/wxpay-api-error.js';
import { WxPayProtocolError } from '../../../../lib/errors/wxpay-protocol-error.js';
import { WxPayTransportError } from '../../../../lib/errors/wxpay-transport-error.js';
import { SendError } from '../../../../lib/transport/http/send-error.js';
import { SENDING } from '../../../../lib/transport/deadline.js';
import {
  Calls,
  RECOVERY_MS,
  refusal,
  silence,
  type Story,
  type Terms,
} from '../../../support/harness/told-calls.js';

const call = { operation: 'order.query', subject: 'order T1', merchant: 'default' };
const page = (httpStatus?: number) =>
  new WxPayTransportError('A page came.', { hosts: ['main'], attempts: 1, httpStatus });
const tooOften = (httpStatus: number) =>
  new WxPayApiError({ call, code: 'FREQUENCY_LIMITED', httpStatus, signed: false });
const TOO_LARGE = new SendError('too-large');
const surprise = (httpStatus: number) => new WxPayProtocolError('$', '', { httpStatus });

/** The host that calls begin with after two calls of one attempt that ended like this. */
async function nextAfterTwo(story: Story, terms: Terms): Promise<string> {
  const calls = new Calls();
  for (let count = 0; count < 2; count++) await calls.run([story], { maxAttempts: 1, ...terms });
  return calls.next;
}

describe('Attempts, after an exchange that brought no reply', () => {
  it.each([
    ['unreachable', ['main', 'backup'], 'backup'],
    ['broken', ['main', 'backup'], 'backup'],
    ['stale-connection', ['main', 'main'], 'main'],
    ['too-large', ['main', 'backup'], 'main'],
    ['not-a-response', ['main'], 'main'],
  ] as const)('chooses the next host, and counts against the host or not: %s', async (fault, asked, next) => {
    const calls = new Calls();

    await calls.run([new SendError(fault)]);

    expect(calls.asked).toEqual(asked);
    await expect(nextAfterTwo(new SendError(fault), {})).resolves.toBe(next);
  });

  it('tries one other host only after an oversized reply', async () => {
    const calls = new Calls();

    const error = await calls.run([TOO_LARGE, TOO_LARGE]);

    expect(calls.asked).toEqual(['main', 'backup']);
    expect(error).toBeInstanceOf(WxPayTransportError);
  });

  it('throws a defect of the HTTP client unchanged, after one attempt', async () => {
    const [calls, defect] = [new Calls(), new TypeError('x is not a function')];

    await expect(calls.run([defect])).resolves.toBe(defect);

    expect(calls.asked).toEqual(['main']);
  });
});

describe('Attempts, of a call that stops at 4xx', () => {
  it.each([
    ['a page with HTTP 399', page(399), 2],
    ['a page with HTTP 400', page(400), 1],
    ['a page with HTTP 429', page(429), 2],
    ['a page with HTTP 499', page(499), 1],
    ['a page with HTTP 500', page(500), 2],
    ['silence', page(), 2],
    ['a refusal with HTTP 403', tooOften(403), 1],
    ['a refusal with HTTP 429', tooOften(429), 2],
    ['a verified reply with HTTP 404 that is not as documented', surprise(404), 2],
  ])('makes attempts after %s', async (_, error, attempts) => {
    const calls = new Calls();

    await calls.run([{ [SENDING]: error }], { stopsAt4xx: true });

    expect(calls.asked).toHaveLength(attempts);
  });

  it('retries 4xx if the call does not stop there', async () => {
    const calls = new Calls();

    await calls.run([{ [SENDING]: page(404) }]);

    expect(calls.asked).toEqual(['main', 'backup']);
  });
});

describe('Attempts, of a call that accepts any reply', () => {
  it.each([
    ['silence', undefined, 'backup'],
    ['HTTP 101', 101, 'backup'],
    ['HTTP 200', 200, 'main'],
    ['HTTP 299', 299, 'main'],
    ['HTTP 300', 300, 'backup'],
  ])('counts against the host, or not: %s', async (_, httpStatus, next) => {
    await expect(nextAfterTwo({ [SENDING]: page(httpStatus) }, { anyReply: true })).resolves.toBe(next);
  });

  it('counts HTTP 200 against the host otherwise', async () => {
    await expect(nextAfterTwo({ [SENDING]: page(200) }, {})).resolves.toBe('backup');
  });
});

describe('Attempts, with an unhealthy host', () => {
  /** A main host that failed twice half the recovery time ago. */
  async function unhealthy(): Promise<Calls> {
    const calls = new Calls();
    for (let count = 0; count < 2; count++) await calls.run([{ [SENDING]: silence() }]);
    calls.clock.ms += RECOVERY_MS / 2;
    return calls;
  }

  /** The host of the next call after the rest of the recovery time. */
  async function hostOfNext(calls: Calls, terms: Terms): Promise<string | undefined> {
    calls.clock.ms += RECOVERY_MS / 2;
    await calls.run([], terms);
    return calls.asked.at(-1);
  }

  it.each([
    ['once', 4, 'backup'],
    ['none', 1, 'backup'],
    ['idempotent', 4, 'main'],
  ] as const)(
    'tries it if another attempt may follow: effect %s, %d attempts',
    async (effect, maxAttempts, host) => {
      const calls = await unhealthy();
      await calls.run([]);

      await expect(hostOfNext(calls, { effect, maxAttempts })).resolves.toBe(host);
    },
  );

  it.each<[string, Terms, readonly Story[]]>([
    ['the healthy one', { host: 'https://backup' }, []],
    ['an origin of its own', { origin: 'https://files' }, []],
    ['the unhealthy one, which told nothing', { host: 'https://main' }, [TOO_LARGE, TOO_LARGE]],
  ])('tries it with one attempt if the other calls had one host only: %s', async (_, only, stories) => {
    const calls = await unhealthy();
    await calls.run(stories, only);

    await expect(hostOfNext(calls, { effect: 'once' })).resolves.toBe('main');
  });

  it('goes on asking it if there is no other', async () => {
    const [calls, only] = [await unhealthy(), { host: 'https://main' }];

    await expect(calls.run([], only)).resolves.toBe('answered');
    expect(calls.asked.at(-1)).toBe('main');
  });
});

describe('Attempts, dividing the time of a call', () => {
  it.each([
    ['attemptTimeoutMs of a longer call', 100, 3_000, 90, 1_000],
    ['half of a call with the same time', 300, 300, 140, 250],
  ])('gives the first attempt %s', async (_, attemptTimeoutMs, timeoutMs, atLeastMs, atMostMs) => {
    const calls = new Calls();

    await expect(calls.run(['hang'], { attemptTimeoutMs, timeoutMs })).resolves.toBe('answered');

    expect(calls.asked).toEqual(['main', 'backup']);
    expect(calls.pauses[0]).toBeGreaterThan(atLeastMs);
    expect(calls.pauses[0]).toBeLessThan(atMostMs);
  });

  it.each([
    ['counts the timeout of an attempt after 300 ms', {}, 'backup'],
    [
      'ignores the same timeout of a self-test that gives up sooner than payments do',
      { isSelfTest: true },
      'main',
    ],
  ])('%s', async (_, terms, next) => {
    const calls = new Calls();
    const times = { timeoutMs: 700, attemptTimeoutMs: 3_000, ...terms };

    await Promise.all([calls.run(['hang'], times), calls.run(['hang'], times)]);

    expect(calls.asked).toEqual(['main', 'main', 'backup', 'backup']);
    expect(calls.next).toBe(next);
  });

  it('counts the timeout of a self-test that waits as long as payments do', async () => {
    await expect(
      nextAfterTwo('hang', { isSelfTest: true, timeoutMs: 400, attemptTimeoutMs: 350 }),
    ).resolves.toBe('backup');
  });

  it('ignores the timeout of a self-test before the minimum silence', async () => {
    await expect(
      nextAfterTwo('hang', { isSelfTest: true, timeoutMs: 100, attemptTimeoutMs: 50 }),
    ).resolves.toBe('main');
  });
});

describe('Attempts, choosing the error of a call', () => {
  it('throws the reason of a caller who aborts unchanged, whatever it is and was received before', async () => {
    const [caller, reason] = [new AbortController(), silence()];
    const calls = new Calls();
    const running = calls.run([{ [SENDING]: page(502) }, 'hang'], {
      effect: 'idempotent',
      signal: caller.signal,
    });
    setTimeout(() => caller.abort(reason), 20);

    await expect(running).resolves.toBe(reason);
    expect(calls.asked).toEqual(['main', 'backup']);
  });

  it('names the code of a refusal among the reasons of a later failure', async () => {
    const calls = new Calls();

    const error = await calls.run([{ [SENDING]: refusal('SYSTEM_ERROR') }, { [SENDING]: page(502) }], {
      maxAttempts: 2,
    });

    expect(error).toMatchObject({
      message: 'A page came. The call made 2 attempts (main: SYSTEM_ERROR, HTTP 502).',
    });
  });
});
