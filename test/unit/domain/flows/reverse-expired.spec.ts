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
    'returns expired for a paid order that WeChat Pay calls expired, signed: %s',
    async (signed) => {
      const gateway = new ScriptedReversals([paid()], [refusal('REVERSE_EXPIRE', signed)]);

      await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'expired' });

      expect(gateway.asked).toEqual(['query', 'reverse', 'query']);
    },
  );

  it.each([true, false])('does not return expired for an unpaid order, signed: %s', async (signed) => {
    const expired = refusal('REVERSE_EXPIRE', signed);

    await expect(reverseInVirtualTime(new ScriptedReversals([order('USERPAYING')], [expired]))).rejects.toBe(
      expired,
    );
  });

  it('queries again until it knows the state of an order that WeChat Pay calls expired', async () => {
    const gateway = new ScriptedReversals([paid(), unreachable, paid()], [refusal('REVERSE_EXPIRE')]);

    await expect(reverseInVirtualTime(gateway)).resolves.toEqual({ outcome: 'expired' });
  });
});
