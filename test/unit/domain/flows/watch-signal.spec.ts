import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { OrderApi } from '../../../../lib/domain/ports/apis.js';
import { watch } from '../../../../lib/domain/flows/watch.js';
import { order, Watched } from '../../../support/harness/watched-order.js';

describe('OrderQueryService.watch, with a signal', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([
    ['ended', 5],
    ['was unsubscribed', 1],
  ])('keeps no listener of a watch that %s', async (_, seconds) => {
    const { signal } = new AbortController();
    const watched = new Watched([order('NOTPAY'), order('SUCCESS')], { signal });
    await jest.advanceTimersByTimeAsync(seconds * 1000);

    watched.subscription.unsubscribe();

    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('OrderQueryService.watch, of a replaced merchant', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('looks the merchant up for each query and uses its new options', async () => {
    const timeouts: string[] = [];
    const merchantOf = (merchant: string, ms: number): OrderApi => ({
      terms: { merchant, timeoutMs: ms, minOrderAgeMs: 0, hosts: [] },
      close: () => Promise.resolve({ outcome: 'closed' }),
      query: (_, { timeoutMs } = {}) => {
        timeouts.push(`${merchant} ${timeoutMs}`);
        return Promise.resolve(order('NOTPAY'));
      },
    });
    let current = merchantOf('before', 4_000);
    const watching = watch(() => current, { outTradeNo: 'T1' }, {}, { now: () => Date.now() }).subscribe();
    await jest.advanceTimersByTimeAsync(0);

    current = merchantOf('after', 3_000);
    await jest.advanceTimersByTimeAsync(5_000);

    expect(timeouts).toEqual(['before 4000', 'after 3000']);
    watching.unsubscribe();
  });
});
