import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reverseInVirtualTime } from '../../../support/harness/reverse-in-virtual-time.js';
import {
  order,
  paid,
  refusal,
  ScriptedReversals,
  unreachable,
} from '../../../support/models/scripted-reversals.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('reverse, refused with REVERSE_EXPIRE', () => {
  it.each([true, false])(
    'takes a paid order for expired when WeChat Pay says so, with a signature: %s',
    async (signed) => {
      const gateway = new ScriptedReversals([paid()], [refusal('REVERSE_EXPIRE', signed)]);

      await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'expired' });

      expect(gateway.asked).toEqual(['query', 'reverse', 'query']);
    },
  );

  it.each([true, false])(
    'takes no unpaid order for expired whatever WeChat Pay says, with a signature: %s',
    async (signed) => {
      const expired = refusal('REVERSE_EXPIRE', signed);

      await expect(
        reverseInVirtualTime(new ScriptedReversals([order('USERPAYING')], [expired])),
      ).rejects.toBe(expired);
    },
  );

  it('looks again for what is true of an order that WeChat Pay calls expired', async () => {
    const gateway = new ScriptedReversals([paid(), unreachable, paid()], [refusal('REVERSE_EXPIRE')]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'expired' });
  });
});
