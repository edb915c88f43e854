import { describe, expect, it } from '@jest/globals';
import type { WxPayError } from '../../../lib/errors/wxpay-error.js';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { SENDING } from '../../../lib/transport/attempt.js';
import { Calls, refusal, SHORTEST_PAUSE_MS, silence, type Story } from '../../support/told-calls.js';

describe('the pauses of a call', () => {
  const failure = (error: WxPayError): Story => ({ [SENDING]: error });
  const broken = failure(silence());
  const busy = failure(refusal('SYSTEM_ERROR'));
  const unproven = failure(new WxPaySignatureError('probe'));

  it.each<[string, readonly Story[], readonly string[], readonly boolean[]]>([
    ['none before the other host', [broken], ['main', 'backup'], [false]],
    [
      'one after each round',
      [broken, broken, broken],
      ['main', 'backup', 'main', 'backup'],
      [false, true, false],
    ],
    [
      'none before a host that is asked for the first time',
      [busy, broken, broken],
      ['main', 'main', 'backup', 'main'],
      [true, false, true],
    ],
    [
      'none before it after a reply that proves nothing either',
      [unproven, unproven, broken],
      ['main', 'main', 'backup', 'main'],
      [false, false, true],
    ],
    ['one before the same host where it is busy', [busy, busy], ['main', 'main', 'backup'], [true, true]],
  ])('are %s', async (_, stories, asked, paused) => {
    const calls = new Calls();

    await calls.run(stories);

    expect(calls.asked).toEqual(asked);
    expect(calls.paused).toEqual(paused);
  });
});
