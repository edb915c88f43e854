import { describe, expect, it } from '@jest/globals';
import type { OrderRef } from '../../../../lib/domain/order-ref.js';
import { OrderQueryService } from '../../../../lib/orders/order-query.service.js';
import { outcomeOf } from '../../../support/assertions/outcome-of.js';
import { accessTo } from '../../../support/harness/access-to.js';
import {
  collect,
  Counting,
  refusal,
  Source,
  type Answer,
} from '../../../support/servers/counting-gateway.js';

const waiting = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const untilAborted: Answer = (_, signal) =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });

describe('OrderQueryService.queryMany', () => {
  it.each([
    ['a list', [{ outTradeNo: 'T1' }, { outTradeNo: 'T2' }]],
    ['a generator', new Source(2)],
    ['an asynchronous generator', cursor()],
  ])('yields an outcome for each reference of %s', async (_, refs) => {
    const lines = await collect(new Counting().many(refs));

    expect(lines.toSorted()).toEqual(['T1 NOTPAY', 'T2 NOTPAY']);
  });

  it('yields nothing for an empty source', async () => {
    await expect(collect(new Counting().many([]))).resolves.toEqual([]);
  });

  it('continues after an order that fails, and after a malformed reference', async () => {
    const gateway = new Counting((outTradeNo) => {
      if (outTradeNo === 'T1') throw refusal('ORDER_NOT_EXIST');
    });
    // A list from JavaScript may hold anything.
    const refs = [
      { outTradeNo: 'T1' },
      { outTradeNo: '../x' },
      undefined as unknown as OrderRef,
      { outTradeNo: 'T2' },
    ];

    const lines = await collect(gateway.many(refs));

    expect(lines.toSorted()).toEqual([
      '../x WXPAY_INPUT',
      'T1 ORDER_NOT_EXIST',
      'T2 NOTPAY',
      'undefined WXPAY_INPUT',
    ]);
  });

  it.each([
    [undefined, 8],
    [1, 1],
    [3, 3],
  ])('runs, with a concurrency of %s, %i queries at a time', async (concurrency, expected) => {
    const gateway = new Counting(() => waiting(1));

    const lines = await collect(gateway.many(new Source(30), { concurrency }));

    expect(lines).toHaveLength(30);
    expect(gateway.most).toBe(expected);
  });

  it('does not let one slow order hold up the others', async () => {
    const slow = deferred();
    const gateway = new Counting((outTradeNo) => (outTradeNo === 'T1' ? slow.promise : undefined));

    const lines: string[] = [];
    for await (const { ref } of gateway.many(new Source(50), { concurrency: 2 })) {
      lines.push(ref.outTradeNo ?? '');
      if (lines.length === 49) slow.resolve();
    }

    expect(lines.at(-1)).toBe('T1');
  });

  it('yields known outcomes while the source is slow', async () => {
    const more = deferred();
    async function* refs(): AsyncGenerator<OrderRef> {
      yield { outTradeNo: 'T1' };
      await more.promise;
      yield { outTradeNo: 'T2' };
    }
    const outcomes = new Counting().many(refs());

    const first = await outcomes.next();
    more.resolve();

    expect(first.value).toMatchObject({ ref: { outTradeNo: 'T1' } });
    await expect(collect(outcomes)).resolves.toEqual(['T2 NOTPAY']);
  });

  it('never reads more references than it has room for, of a hundred thousand', async () => {
    const source = new Source(100_000);
    let yielded = 0;
    let ahead = 0;

    for await (const { order } of new Counting().many(source)) {
      if (order !== undefined) yielded++;
      ahead = Math.max(ahead, source.taken - yielded);
    }

    expect(yielded).toBe(100_000);
    expect(ahead).toBeLessThanOrEqual(8);
  });

  it('reads no more references while nobody reads its outcomes', async () => {
    const source = new Source(100);
    const outcomes = new Counting().many(source, { concurrency: 4 });

    await outcomes.next();
    await waiting(5);

    expect(source.taken).toBeLessThanOrEqual(5);
    await outcomes.return();
  });

  it('ends the queries under way and closes the source when the reader leaves', async () => {
    const aborted: string[] = [];
    const gateway = new Counting((outTradeNo, signal) => {
      if (outTradeNo === 'T1') return undefined;
      signal?.addEventListener('abort', () => aborted.push(outTradeNo));
      return untilAborted(outTradeNo, signal);
    });
    const source = new Source(100);

    for await (const { ref } of gateway.many(source, { concurrency: 3 })) {
      expect(ref).toEqual({ outTradeNo: 'T1' });
      break;
    }

    expect(source.closed).toBe(true);
    expect(aborted).toEqual(gateway.asked.slice(1));
    await waiting(0);
    expect(gateway.underWay).toBe(0);
  });

  it('does not wait for a source that is busy when the reader leaves', async () => {
    async function* refs(): AsyncGenerator<OrderRef> {
      yield { outTradeNo: 'T1' };
      await new Promise(() => undefined);
    }

    for await (const outcome of new Counting().many(refs())) {
      expect(outcome).toHaveProperty('order');
      break;
    }
  });

  it.each([
    ['while queries are under way', new Source(5)],
    ['while the source is slow', never()],
  ])('throws the reason of a caller who aborts %s', async (_, refs) => {
    const caller = new AbortController();
    const gateway = new Counting(untilAborted);
    const settled = expect(collect(gateway.many(refs, { signal: caller.signal }))).rejects.toBe('enough');
    await waiting(1);

    caller.abort('enough');

    await settled;
    expect(gateway.underWay).toBe(0);
  });

  it('ends the queries under way when the caller aborts while the reader is busy', async () => {
    const caller = new AbortController();
    const gateway = new Counting((outTradeNo, signal) =>
      outTradeNo === 'T1' ? undefined : untilAborted(outTradeNo, signal),
    );
    const outcomes = gateway.many(new Source(5), { concurrency: 3, signal: caller.signal });
    await outcomes.next();
    expect(gateway.underWay).toBeGreaterThan(0);

    caller.abort('enough');

    await waiting(0);
    expect(gateway.underWay).toBe(0);
    await expect(outcomes.next()).rejects.toBe('enough');
  });

  it('queries a replaced merchant with its new options', async () => {
    const before = new Counting();
    const after = new Counting();
    let current = before;
    const service = new OrderQueryService(accessTo(() => current));
    const outcomes = service.queryMany(new Source(2), { concurrency: 1 });
    await outcomes.next();

    current = after;
    await outcomes.next();

    expect([before.asked, after.asked]).toEqual([['T1'], ['T2']]);
  });

  it('throws the reason of a caller who has already aborted, and reads nothing', async () => {
    const source = new Source(5);

    const outcomes = collect(new Counting().many(source, { signal: AbortSignal.abort('enough') }));

    await expect(outcomes).rejects.toBe('enough');
    expect(source.taken).toBe(0);
  });

  it('throws the error of the source, and defects', async () => {
    const failure = new Error('the database is gone');
    function* refs(): Generator<OrderRef> {
      yield { outTradeNo: 'T1' };
      throw failure;
    }
    const broken = new Counting(() => {
      throw new TypeError('a defect');
    });

    await expect(collect(new Counting().many(refs()))).rejects.toBe(failure);
    await expect(collect(broken.many(new Source(1)))).rejects.toThrow(TypeError);
  });

  it.each([0, 1.5, Number.NaN, Infinity])('refuses a concurrency of %s at the call', (concurrency) => {
    expect(outcomeOf(() => new Counting().many([], { concurrency }))).toMatchObject({
      field: 'concurrency',
      message: 'concurrency must be a whole number, at least 1.',
    });
  });
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

async function* cursor(): AsyncGenerator<OrderRef> {
  yield* new Source(2);
}

async function* never(): AsyncGenerator<OrderRef> {
  await new Promise(() => undefined);
  yield { outTradeNo: 'T1' };
}
