import { describe, expect, it } from '@jest/globals';
import type { WxPayError } from '../../../../lib/errors/wxpay-error.js';
import { WxPaySignatureError } from '../../../../lib/errors/wxpay-signature-error.js';
import { SendError } from '../../../../lib/transport/http/send-error.js';
import { SENDING } from '../../../../lib/transport/deadline.js';
import {
  Calls,
  refusal,
  SHORTEST_PAUSE_MS,
  silence,
  type Story,
} from '../../../support/harness/told-calls.js';

describe('Attempts, pausing between attempts', () => {
  const failure = (error: WxPayError): Story => ({ [SENDING]: error });
  const broken = failure(silence());
  const busy = failure(refusal('SYSTEM_ERROR'));
  const unproven = failure(new WxPaySignatureError('probe'));

  it.each<[string, readonly Story[], readonly string[], readonly boolean[]]>([
    ['no pause before the other host', [broken], ['main', 'backup'], [false]],
    [
      'one pause after each round',
      [broken, broken, broken],
      ['main', 'backup', 'main', 'backup'],
      [false, true, false],
    ],
    [
      'no pause before a host that is used for the first time',
      [busy, broken, broken],
      ['main', 'main', 'backup', 'main'],
      [true, false, true],
    ],
    [
      'no pause before a host that is used for the first time, after an unverified reply either',
      [unproven, unproven, broken],
      ['main', 'main', 'backup', 'main'],
      [false, false, true],
    ],
    [
      'no pause before another try on an idle connection that broke',
      [broken, new SendError('stale-connection')],
      ['main', 'backup', 'backup'],
      [false, false],
    ],
    ['one pause before the same host if it is busy', [busy, busy], ['main', 'main', 'backup'], [true, true]],
  ])('makes %s', async (_, stories, asked, paused) => {
    const calls = new Calls();

    await calls.run(stories);

    expect(calls.asked).toEqual(asked);
    expect(calls.paused).toEqual(paused);
  });

  it('pauses longer than WeChat Pay requests, by a random time', async () => {
    const calls = Array.from({ length: 20 }, () => new Calls());

    await Promise.all(calls.map((each) => each.run([failure(refusal('FREQUENCY_LIMITED', 200))])));

    const pauses = calls.flatMap((each) => each.pauses);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(200 + SHORTEST_PAUSE_MS);
    expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(50);
  });

  it('pauses exactly as long as WeChat Pay requests if there is no time for more', async () => {
    const calls = new Calls();

    await calls.run([failure(refusal('FREQUENCY_LIMITED', 250))], { timeoutMs: 345 });

    expect(calls.pauses).toHaveLength(1);
    expect(calls.pauses[0]).toBeGreaterThanOrEqual(248);
  });

  it('makes no further attempt if there is no time for the pause', async () => {
    const calls = new Calls();

    await calls.run([busy], { timeoutMs: 80 });

    expect(calls.asked).toEqual(['main']);
  });
});
