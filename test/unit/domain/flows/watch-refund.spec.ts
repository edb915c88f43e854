import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { lastValueFrom } from 'rxjs';
import type { CallOptions } from '../../../../lib/domain/options.js';
import type { RefundApi } from '../../../../lib/domain/ports/refund-api.js';
import type { Refund } from '../../../../lib/domain/refunds/refund.js';
import { WxPayApiError } from '../../../../lib/errors/wxpay-api-error.js';
import { WxPayInputError } from '../../../../lib/errors/wxpay-input-error.js';
import { RefundService } from '../../../../lib/refunds/refund.service.js';
import { failureOf } from '../../../support/assertions/failure-of.js';
import { accessTo } from '../../../support/harness/access-to.js';

const refund = (status: string, more: Partial<Refund> = {}): Refund => ({
  refundId: '50',
  outRefundNo: 'R1',
  outTradeNo: 'T1',
  transactionId: '42',
  status,
  amount: { refund: 30, total: 100 },
  raw: {},
  ...more,
});
const refusal = (code: string, httpStatus: number) =>
  new WxPayApiError({
    call: { operation: 'refund.query', subject: 'refund R1', merchant: 'default' },
    code,
    httpStatus,
    signed: false,
  });
const notFound = refusal('RESOURCE_NOT_EXISTS', 404);

/** Watches a refund whose queries are answered as scripted, the last answer again and again. */
function watchRefund(...steps: readonly (Refund | Error)[]) {
  const askedAt: number[] = [];
  const seen: unknown[] = [];
  const closing = new AbortController();
  const query = async (_ref: unknown, _options?: CallOptions): Promise<Refund> => {
    const step = steps[Math.min(askedAt.length, steps.length - 1)];
    askedAt.push(Date.now() / 1000);
    if (step === undefined || step instanceof Error) throw step;
    return step;
  };
  const terms = { merchant: 'default', timeoutMs: 10_000, minOrderAgeMs: 0, hosts: [] };
  const notAsked = () => Promise.reject(new Error('not asked for'));
  const refunds = (): RefundApi => ({ terms, query, refund: notAsked, refundAbnormal: notAsked });
  const access = { ...accessTo(() => undefined as never), refunds, now: () => Date.now() };
  const service = new RefundService({ ...access, closing: () => closing.signal });
  const subscription = service.watch({ outRefundNo: 'R1' }).subscribe({
    next: ({ status }) => seen.push(status),
    error: (error: Error) => seen.push(error.message),
    complete: () => seen.push('complete'),
  });
  return { askedAt, seen, subscription, close: () => closing.abort() };
}

const pass = (minutes: number): Promise<void> => jest.advanceTimersByTimeAsync(minutes * 60_000);

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('RefundService.watch', () => {
  it('asks each minute for five minutes, then after 5, 10, 20 and 30 minutes', async () => {
    const { askedAt, seen, subscription } = watchRefund(refund('PROCESSING'));

    await pass(131);

    expect(askedAt.map((seconds) => seconds / 60)).toEqual([0, 1, 2, 3, 4, 5, 10, 20, 40, 70, 100, 130]);
    expect(seen).toEqual(['PROCESSING']);
    subscription.unsubscribe();
  });

  it.each(['SUCCESS', 'CLOSED', 'ABNORMAL'])('completes with %s', async (status) => {
    const { askedAt, seen } = watchRefund(refund('PROCESSING'), refund(status));

    await pass(60);

    expect(seen).toEqual(['PROCESSING', status, 'complete']);
    expect(askedAt).toEqual([0, 60]);
  });

  it('emits a change of anything but the raw reply, and goes on at an unknown status', async () => {
    const { seen } = watchRefund(
      refund('PROCESSING'),
      refund('PROCESSING', { raw: { more: 1 } }),
      refund('PROCESSING', { channel: 'BALANCE' }),
      refund('NEW_STATUS'),
      refund('SUCCESS'),
    );

    await pass(60);

    expect(seen).toEqual(['PROCESSING', 'PROCESSING', 'NEW_STATUS', 'SUCCESS', 'complete']);
  });

  it('waits for a refund that WeChat Pay does not show yet, but not for ever', async () => {
    const early = watchRefund(notFound, notFound, refund('SUCCESS'));
    const never = watchRefund(notFound);

    await pass(60);

    expect(early.seen).toEqual(['SUCCESS', 'complete']);
    expect(never.seen).toEqual([notFound.message]);
    expect(never.askedAt).toEqual([0, 60, 120]);
  });

  it('goes on after a temporary failure, and ends with any other', async () => {
    const { seen } = watchRefund(refusal('SYSTEM_ERROR', 500), refund('PROCESSING'), refusal('NO_AUTH', 403));

    await pass(60);

    expect(seen).toEqual(['PROCESSING', expect.stringContaining('NO_AUTH')]);
  });

  it('errors with an until of seconds in place of milliseconds before any query', async () => {
    const service = new RefundService(accessTo(() => undefined as never));
    const watching = service.watch({ outRefundNo: 'R1' }, { until: new Date(1_800_000_000) });

    const { message } = await failureOf(WxPayInputError, lastValueFrom(watching));

    expect(message).toBe('until is before 2013: make it of milliseconds, new Date(seconds * 1000).');
  });

  it('ends with an error when the app is closed', async () => {
    const { seen, close } = watchRefund(refund('PROCESSING'));

    await pass(1);
    close();
    await pass(60);

    expect(seen).toEqual([
      'PROCESSING',
      'The watch of refund R1 was stopped, because the app was closed. This says nothing about the refund: query it again when the app has started.',
    ]);
  });
});
