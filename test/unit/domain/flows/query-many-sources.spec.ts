import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { OrderRef } from '../../../../lib/domain/order-ref.js';
import { outcomeOf } from '../../../support/assertions/outcome-of.js';
import { collect, Counting, Source } from '../../../support/servers/counting-gateway.js';

/** A source made by hand, which tells what was asked of it. */
class Cursor implements AsyncIterable<OrderRef> {
  returned = 0;
  readonly #next: () => Promise<IteratorResult<OrderRef>>;
  readonly #release: () => Promise<void>;

  constructor(next: () => Promise<IteratorResult<OrderRef>>, release = () => Promise.resolve()) {
    this.#next = next;
    this.#release = release;
  }

  [Symbol.asyncIterator](): AsyncIterator<OrderRef> {
    return {
      next: this.#next,
      return: async () => {
        this.returned++;
        await this.#release();
        return { done: true, value: undefined };
      },
    };
  }
}

const endless = (): Promise<IteratorResult<OrderRef>> =>
  Promise.resolve({ done: false, value: { outTradeNo: 'T1' } });

describe('OrderQueryService.queryMany, reading its source', () => {
  it('reads the next reference only when there is room for its outcome', async () => {
    const source = new Source(10);
    const outcomes = new Counting().many(source, { concurrency: 1 });

    await outcomes.next();
    expect(source.taken).toBe(1);
    await outcomes.next();
    expect(source.taken).toBe(2);

    await outcomes.return();
  });

  it('does not close a source that has ended or failed', async () => {
    const failure = new Error('the database is gone');
    const ended = new Cursor(() => Promise.resolve({ done: true, value: undefined }));
    const failed = new Cursor(() => Promise.reject(failure));

    await expect(collect(new Counting().many(ended))).resolves.toEqual([]);
    await expect(collect(new Counting().many(failed))).rejects.toBe(failure);

    expect([ended.returned, failed.returned]).toEqual([0, 0]);
  });

  it.each([null, undefined, 'T1', 42, {}])('refuses %j as a source at the call', (refs) => {
    const error = outcomeOf(() => new Counting().many(refs as never));

    expect(error).toMatchObject({ code: 'WXPAY_INPUT', field: 'refs' });
  });

  it('accepts a source without a method to close it', async () => {
    const source = { [Symbol.asyncIterator]: () => ({ next: endless }) };
    const outcomes = new Counting().many(source, { concurrency: 1 });
    await outcomes.next();

    await expect(outcomes.return()).resolves.toEqual({ done: true, value: undefined });
  });

  it('rejects return() with the error of closing the source', async () => {
    const failure = new Error('the cursor is gone');
    const source = new Cursor(endless, () => Promise.reject(failure));
    const outcomes = new Counting().many(source, { concurrency: 1 });
    await outcomes.next();

    await expect(outcomes.return()).rejects.toBe(failure);
  });

  it.each([
    ['fails to close', () => Promise.reject(new Error('the cursor is gone'))],
    ['never closes', () => new Promise<void>(() => undefined)],
  ])('throws the reason of the abort even if the source %s', async (_, release) => {
    const caller = new AbortController();
    const source = new Cursor(endless, release);
    const outcomes = new Counting().many(source, { concurrency: 1, signal: caller.signal });
    await outcomes.next();

    caller.abort('enough');

    await expect(outcomes.next()).rejects.toBe('enough');
    expect(source.returned).toBe(1);
  });
});

describe('OrderQueryService.queryMany, with a signal', () => {
  it('keeps no listener of a list that has ended', async () => {
    const { signal } = new AbortController();

    await collect(new Counting().many(new Source(2), { signal }));

    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('reads and keeps nothing until the first step', async () => {
    const { signal } = new AbortController();
    const source = new Source(2);
    const gateway = new Counting();

    gateway.many(source, { signal });
    await setImmediate();

    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect([source.taken, gateway.asked]).toEqual([0, []]);
  });

  it('uses its options as they were at the call, when they were checked', async () => {
    const options = { concurrency: 2 };
    const gateway = new Counting(() => setImmediate());
    const outcomes = gateway.many(new Source(8), options);

    options.concurrency = 5;
    await collect(outcomes);

    expect(gateway.most).toBe(2);
  });
});
