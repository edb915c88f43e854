import { describe, expect, it, jest } from '@jest/globals';
import { WxPayApiError } from '../../../../lib/errors/wxpay-api-error.js';
import { WxPayTransportError } from '../../../../lib/errors/wxpay-transport-error.js';
import { useAnswering } from '../../../support/servers/answering-gateway.js';
import { failureOf } from '../../../support/assertions/failure-of.js';
import { order, refusal, silence } from '../../../support/harness/watched-order.js';

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

const virtual = useAnswering();

describe('SharedQueries, when callers leave', () => {
  it.each([0, 1])('continues the call for the others when caller %d of two aborts', async (leaver) => {
    const caller = new AbortController();
    const queries = [0, 1].map((number) =>
      virtual.gateway.share(number === leaver ? { signal: caller.signal } : {}),
    );
    const left = expect(queries[leaver]).rejects.toBe('gone');

    caller.abort('gone');

    await left;
    expect(virtual.gateway.underWay).toHaveLength(1);
    virtual.gateway.answerAll('SUCCESS');
    await expect(queries[1 - leaver]).resolves.toMatchObject({ tradeState: 'SUCCESS' });
  });

  it('aborts the call when the last caller leaves, and the next caller starts another', async () => {
    const caller = new AbortController();
    const query = virtual.gateway.share({ signal: caller.signal });
    const left = expect(query).rejects.toBe('gone');
    caller.abort('gone');
    await left;

    const next = virtual.gateway.share();

    expect(virtual.gateway.asked.map(({ ended }) => ended)).toEqual(['given up', undefined]);
    virtual.gateway.answerAll('NOTPAY');
    await expect(next).resolves.toMatchObject({ tradeState: 'NOTPAY' });
  });

  it('does not confuse an abandoned call that ends late with its successor', async () => {
    const ends: (() => void)[] = [];
    virtual.gateway.query = () => new Promise((resolve) => ends.push(() => resolve(order('NOTPAY'))));
    const caller = new AbortController();
    const left = expect(virtual.gateway.share({ signal: caller.signal })).rejects.toBe('gone');
    caller.abort('gone');
    await left;
    const second = virtual.gateway.share();
    ends[0]?.();
    await pass(0);

    const third = virtual.gateway.share();

    expect(ends).toHaveLength(2);
    ends[1]?.();
    await Promise.all([second, third]);
  });

  it('does not limit the call to the short timeout of its first caller', async () => {
    const hurried = failureOf(WxPayTransportError, virtual.gateway.share({ timeoutMs: 50 }));
    const patient = virtual.gateway.share();

    await pass(50);
    const error = await hurried;
    await pass(5_000);
    virtual.gateway.answerAll('SUCCESS');

    expect(error).toMatchObject({ timedOut: true, retryable: true, merchant: 'default' });
    expect(error.message).toBe(
      'WeChat Pay did not reply to order.query of order T1 within 50 ms, the timeout of one caller of a shared query. Query again, or give it more time.',
    );
    await expect(patient).resolves.toMatchObject({ tradeState: 'SUCCESS' });
    expect(virtual.gateway.asked[0]?.timeoutMs).toBe(10_000);
  });

  it('lets callers with longer timeouts join another call when the first times out', async () => {
    const early = failureOf(WxPayTransportError, virtual.gateway.share());
    await pass(6_000);
    const late = [virtual.gateway.share(), virtual.gateway.share()];

    await pass(4_000);

    expect((await early).message).toBe('Nobody answered.');
    expect(virtual.gateway.asked.map(({ ended }) => ended)).toEqual(['out of time', undefined]);
    virtual.gateway.answerAll('SUCCESS');
    await expect(Promise.all(late)).resolves.toMatchObject([
      { tradeState: 'SUCCESS' },
      { tradeState: 'SUCCESS' },
    ]);
  });

  it('passes a refusal on immediately, also to callers with time for another call', async () => {
    const failure = failureOf(WxPayApiError, virtual.gateway.share({ timeoutMs: 60_000 }));

    virtual.gateway.asked[0]?.fail(refusal('ORDER_NOT_EXIST'));

    expect((await failure).code).toBe('ORDER_NOT_EXIST');
    expect(virtual.gateway.asked).toHaveLength(1);
  });

  it.each([9_995, 10_005])(
    'passes on the timeout of the call if both run out of time together, after %d and 10000 ms',
    async (timeoutMs) => {
      const failure = failureOf(WxPayTransportError, virtual.gateway.share({ timeoutMs }));

      await pass(10_000);

      expect((await failure).message).toBe('Nobody answered.');
    },
  );

  it.each([
    ['passes on a failure', 6, 1],
    ['treats a failure as a timeout', 5, 2],
  ])('%s that happens %d ms before the end', async (_, ms, calls) => {
    const query = virtual.gateway.share({ timeoutMs: 60_000 }).catch((error: unknown) => error);
    await pass(10_000 - ms);

    virtual.gateway.asked[0]?.fail(silence);
    await pass(0);

    expect(virtual.gateway.asked).toHaveLength(calls);
    virtual.gateway.answerAll('SUCCESS');
    await query;
  });

  it("ends a wait at the caller's own timeout, however often calls end", async () => {
    const query = failureOf(WxPayTransportError, virtual.gateway.share({ timeoutMs: 25_000 }));

    await pass(25_000);

    expect((await query).message).toContain('within 25000 ms');
    expect(virtual.gateway.asked.map(({ ended }) => ended)).toEqual([
      'out of time',
      'out of time',
      'given up',
    ]);
  });

  it('sends nothing for a caller who has already aborted', async () => {
    await expect(virtual.gateway.share({ signal: AbortSignal.abort('gone') })).rejects.toBe('gone');

    expect(virtual.gateway.asked).toEqual([]);
  });

  it('leaves no listener on a long-lived signal', async () => {
    const { signal } = new AbortController();
    const listeners: string[] = [];
    signal.addEventListener = (type: string) => void listeners.push(`+${type}`);
    signal.removeEventListener = (type: string) => void listeners.push(`-${type}`);
    const query = virtual.gateway.share({ signal });
    virtual.gateway.answerAll('SUCCESS');

    await query;

    expect(listeners).toEqual(['+abort', '-abort']);
  });
});
