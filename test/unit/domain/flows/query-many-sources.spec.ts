import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { OrderRef } from '../../../../lib/domain/order-ref.js';
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

describe('the source of OrderQueryService.queryMany', () => {
  it('is asked for the next reference only when there is room for it', async () => {
    const source = new Source(10);
    const outcomes = new Counting().many(source, { concurrency: 1 });

    await outcomes.next();
    expect(source.taken).toBe(1);
    await outcomes.next();
    expect(source.taken).toBe(2);

    await outcomes.return();
  });

  it('is not closed after its end, nor after it failed', async () => {
    const failure = new Error('the database is gone');
    const ended = new Cursor(() => Promise.resolve({ done: true, value: undefined }));
    const failed = new Cursor(() => Promise.reject(failure));

    await expect(collect(new Counting().many(ended))).resolves.toEqual([]);
    await expect(collect(new Counting().many(failed))).rejects.toBe(failure);

    expect([ended.returned, failed.returned]).toEqual([0, 0]);
  });

  it.each([null, undefined, 'T1', 42, {}])('is refused as %j at the first step', async (refs) => {
    const outcomes = new Counting().many(refs as never);

    await expect(outcomes.next()).rejects.toMatchObject({ code: 'WXPAY_INPUT', field: 'refs' });
  });

  it('need not be one that can be closed', async () => {
    const source = { [Symbol.asyncIterator]: () => ({ next: endless }) };
    const outcomes = new Counting().many(source, { concurrency: 1 });
    await outcomes.next();

    await expect(outcomes.return()).resolves.toEqual({ done: true, value: undefined });
  });

  it('may fail when it is closed, and the reader who leaves learns it', async () => {
    const failure = new Error('the cursor is gone');
    const source = new Cursor(endless, () => Promise.reject(failure));
    const outcomes = new Counting().many(source, { concurrency: 1 });
    await outcomes.next();

    await expect(outcomes.return()).rejects.toBe(failure);
  });

  it.each([
    ['fails to close', () => Promise.reject(new Error('the cursor is gone'))],
    ['never closes', () => new Promise<void>(() => undefined)],
  ])('does not hide the reason of the caller who gives up when it %s', async (_, release) => {
    const caller = new AbortController();
    const source = new Cursor(endless, release);
    const outcomes = new Counting().many(source, { concurrency: 1, signal: caller.signal });
    await outcomes.next();

    caller.abort('enough');

    await expect(outcomes.next()).rejects.toBe('enough');
    expect(source.returned).toBe(1);
  });
});

describe('the signal of OrderQueryService.queryMany', () => {
  it('keeps nothing of a list that has ended', async () => {
    const { signal } = new AbortController();

    await collect(new Counting().many(new Source(2), { signal }));

    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
