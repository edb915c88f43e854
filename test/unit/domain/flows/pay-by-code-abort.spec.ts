import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { payByCode } from '../../../../lib/domain/flows/pay-by-code.js';
import { PAYMENT } from '../../../support/harness/code-pay-in-virtual-time.js';
import { CodePayModel, timesOf } from '../../../support/models/code-pay-model.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('payByCode, when the caller aborts', () => {
  it.each([
    ['during the payment', 0, ['pay 0']],
    ['while the customer enters the password', 7_000, ['pay 0', 'query 5']],
    ['before the reversal', 29_999, ['pay 0', 'query 5', 'query 10', 'query 15', 'query 20', 'query 25']],
  ])('rejects with the reason and reverses nothing, %s', async (_, ms, calls) => {
    const caller = new AbortController();
    const model = new CodePayModel({ customer: 'types' });
    const running = payByCode(model, PAYMENT, { signal: caller.signal });
    const settled = expect(running).rejects.toBe('enough');
    await jest.advanceTimersByTimeAsync(ms);

    caller.abort('enough');

    await settled;
    await jest.advanceTimersByTimeAsync(120_000);
    expect(timesOf(model)).toEqual(calls);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends nothing when the caller has aborted before', async () => {
    const model = new CodePayModel({ customer: 'pays' });

    await expect(payByCode(model, PAYMENT, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough');

    expect(model.calls).toEqual([]);
  });

  it('rejects during the reversal, too', async () => {
    const caller = new AbortController();
    const model = new CodePayModel({ customer: 'types', faults: new Map([[7, 'recall']]) });
    const running = payByCode(model, PAYMENT, { signal: caller.signal });
    const settled = expect(running).rejects.toBe('enough');
    await jest.advanceTimersByTimeAsync(30_500);

    caller.abort('enough');

    await settled;
    expect(timesOf(model).filter((time) => time.startsWith('reverse'))).toHaveLength(1);
  });
});
