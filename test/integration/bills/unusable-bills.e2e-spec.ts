import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import { WxPayApiError, WxPayProtocolError, WxPaySignatureError } from 'nestjs-wxpay';
import type { AxiosResponse } from 'axios';
import { failureOf } from '../../support/assertions/failure-of.js';
import { temporaryFiles } from '../../support/fixtures/temporary-files.js';
import { beijingDay, DAY, NOON, payOrders } from '../../support/harness/day-of-trade.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox({}, { maxAttempts: 1 });
beforeAll(() => payOrders(sandbox.gateway, [1_000, 1]));
afterEach(() => {
  expect(temporaryFiles()).toEqual([]);
});

describe('a bill that cannot be used', () => {
  const day = beijingDay(NOON.getTime() - 5 * 86_400_000);
  const replaced = (change: (text: string) => string) => {
    const { gateway } = sandbox;
    gateway.bills.replace({ date: day }, change(gateway.bills.text({ date: DAY })));
    return sandbox.merchant.bills.trade({ date: day });
  };

  it('names the line', async () => {
    const error = await failureOf(
      WxPayProtocolError,
      replaced((text) => text.replace(',`0.01,', ',`0.012,')),
    );

    expect(error).toMatchObject({ path: 'line 3', retryable: false });
    expect(error.message).toContain(
      `Line 3 of the trade bill of ${day} has a cell 应结订单金额 of 5 characters`,
    );
    expect(error.message).not.toContain('0.012');
  });

  it('names the total that its rows contradict', async () => {
    const lines = (text: string) => text.split('\r\n');

    const error = await failureOf(
      WxPayProtocolError,
      replaced((text) => [...lines(text).slice(0, 2), ...lines(text).slice(3)].join('\r\n')),
    );

    expect(error).toMatchObject({ path: '总交易单数' });
  });

  it('says that it is cut off', async () => {
    const error = await failureOf(
      WxPayProtocolError,
      replaced((text) => text.split('总交易单数')[0] ?? ''),
    );

    expect(error.message).toContain('the summary is missing');
  });

  it('rejects if only its file is missing, which does not mean a day without transactions', async () => {
    sandbox.gateway.next({
      when: { operation: 'bill.download' },
      status: 400,
      code: 'NO_STATEMENT_EXIST',
    });

    const error = await failureOf(WxPayApiError, sandbox.merchant.bills.trade({ date: DAY }));

    expect(error.code).toBe('NO_STATEMENT_EXIST');
  });

  it('rejects the location of the bill of another day, which a proxy repeats', async () => {
    const httpService = new HttpService(new HttpService().axiosRef.create());
    let kept: AxiosResponse | undefined;
    httpService.axiosRef.interceptors.response.use((reply) =>
      String(reply.config.url).includes('/v3/bill/tradebill') ? (kept ??= reply) : reply,
    );
    const { bills } = sandbox.merchantWith({ httpService, maxAttempts: 1 });
    const first = await bills.trade({ date: DAY });
    await first[Symbol.asyncDispose]();

    const error = await failureOf(WxPaySignatureError, bills.trade({ date: day }));

    expect(error.reason).toBe('stale');
  });
});
