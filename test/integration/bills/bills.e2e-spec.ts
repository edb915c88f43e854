import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  WxPayApiError,
  WxPayInputError,
  WxPayProtocolError,
  WxPayTransportError,
  type Bill,
  type BillService,
  type TradeBillRequest,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { temporaryFiles } from '../../support/fixtures/temporary-files.js';
import { beijingDay, DAY, NOON, payOrders } from '../../support/harness/day-of-trade.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox({}, { maxAttempts: 1 });
let bills: BillService;
beforeAll(() => {
  ({ bills } = sandbox.merchant);
  payOrders(sandbox.gateway, [1_000, 1]);
  sandbox.gateway.orders.create({ outTradeNo: 'SUB', amount: { total: 5 }, subMchid: '1900000109' });
  sandbox.gateway.orders.pay({ outTradeNo: 'SUB', subMchid: '1900000109' }, { at: NOON });
});
afterEach(() => {
  expect(temporaryFiles()).toEqual([]);
});

async function rowsOf<Row>(bill: Bill<Row, unknown>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of bill) rows.push(row);
  return rows;
}

const downloaded = (behaviour: object) =>
  sandbox.gateway.next({ when: { operation: 'bill.download' }, ...behaviour });

describe('BillService.trade', () => {
  it('shows every payment of a day, any number of times', async () => {
    const bill = await bills.trade({ date: DAY });

    const [first, again] = await Promise.all([rowsOf(bill), rowsOf(bill)]);
    await bill[Symbol.asyncDispose]();

    expect(first.map(({ outTradeNo, total, description }) => [outTradeNo, total, description])).toEqual([
      ['A1', 1_000, '红茶, 1'],
      ['A2', 1, '红茶, 2'],
      ['SUB', 5, 'Image形象店-深圳腾大-QQ公仔'],
    ]);
    expect(first[0]).toMatchObject({ tradeTime: NOON, tradeState: 'SUCCESS', fee: '0.06000' });
    expect(again).toEqual(first);
    expect(bill).toMatchObject({ proven: true, summary: { count: 3, total: 1_006 } });
  });

  it('asks for a compressed file with a signed request, and no other', async () => {
    const bill = await bills.trade({ date: DAY, type: 'SUCCESS', subMchid: '1900000109' });
    const rows = await rowsOf(bill);
    await bill[Symbol.asyncDispose]();

    expect(rows.map(({ outTradeNo, subMchid }) => [outTradeNo, subMchid])).toEqual([['SUB', '1900000109']]);
    expect(sandbox.gateway.requests.slice(-2)).toEqual([
      expect.objectContaining({
        operation: 'bill.trade',
        path: `/v3/bill/tradebill?bill_date=${DAY}&bill_type=SUCCESS&sub_mchid=1900000109&tar_type=GZIP`,
      }),
      expect.objectContaining({ operation: 'bill.download', status: 200 }),
    ]);
  });

  it('keeps the file as WeChat Pay wrote it', async () => {
    const to = join(tmpdir(), `bill-${process.pid}.csv`);
    const bill = await bills.trade({ date: DAY });
    await bill.saveTo(to);
    await bill[Symbol.asyncDispose]();

    expect((await readFile(to, 'utf8')).replace(/^\uFEFF/, '')).toBe(
      sandbox.gateway.bills.text({ date: DAY }),
    );
  });

  it('shows nothing once it is disposed of', async () => {
    const bill = await bills.trade({ date: DAY });
    await bill[Symbol.asyncDispose]();

    await expect(failureOf(WxPayInputError, rowsOf(bill))).resolves.toMatchObject({ field: 'bill' });
  });

  it('is empty for a day without transactions, which an unsigned reply does not prove', async () => {
    const bill = await bills.trade({ date: beijingDay(NOON.getTime() - 86_400_000) });

    expect(await rowsOf(bill)).toEqual([]);
    expect(bill).toMatchObject({ proven: false, summary: { count: 0, total: 0, fee: '0.00000' } });
    expect(await readFile(bill.path, 'utf8')).toBe('');
    await bill[Symbol.asyncDispose]();
  });

  it('is empty and proven if that reply is signed', async () => {
    sandbox.gateway.next({ status: 400, code: 'NO_STATEMENT_EXIST', signed: true });

    const bill = await bills.trade({ date: DAY });
    await bill[Symbol.asyncDispose]();

    expect(bill.proven).toBe(true);
  });

  it('says when to try again while WeChat Pay prepares it', async () => {
    sandbox.gateway.next({ status: 400, code: 'STATEMENT_CREATING' });

    const error = await failureOf(WxPayApiError, bills.trade({ date: DAY }));

    expect(error).toMatchObject({ kind: 'not-ready', retryable: true, retryAfterMs: 1_800_000 });
  });

  it.each([
    ['another hash', { fault: 'tampered-body' }, /cannot be decompressed|SHA-1/],
    ['half of the file', { fault: 'malformed' }, /cannot be decompressed/],
    ['another file', { reply: { status: 200, body: '交易时间' } }, /does not have the SHA-1/],
  ])('shows no row of a file with %s', async (_, behaviour, message) => {
    downloaded(behaviour);

    const error = await failureOf(WxPayProtocolError, bills.trade({ date: DAY }));

    expect(error.message).toMatch(message);
  });

  it('asks for the file again if the connection breaks', async () => {
    const merchant = sandbox.merchantWith({ maxAttempts: 2 });
    downloaded({ fault: 'reset-mid-body' });

    const bill = await merchant.bills.trade({ date: DAY });
    await bill[Symbol.asyncDispose]();

    expect(bill.summary.count).toBe(3);
  });

  it('waits for a file that comes late, no longer than it may', async () => {
    downloaded({ delayMs: 30_000 });

    const error = await failureOf(WxPayTransportError, bills.trade({ date: DAY }, { timeoutMs: 200 }));

    expect(error).toMatchObject({ timedOut: true });
  });

  it('goes to no other host for the file', async () => {
    sandbox.gateway.next({
      reply: {
        status: 200,
        body: {
          hash_type: 'SHA1',
          hash_value: '0'.repeat(40),
          download_url: 'https://evil.example/v3/x?token=secret',
        },
      },
    });

    const error = await failureOf(WxPayProtocolError, bills.trade({ date: DAY }));

    expect(error).toMatchObject({ path: '$.download_url' });
    expect(error.message).not.toContain('secret');
  });

  it.each([
    ['$.hash_type', { hash_type: 'MD5', hash_value: '0'.repeat(40), download_url: 'x' }],
    ['$.hash_value', { hash_type: 'SHA1', hash_value: 'x', download_url: 'x' }],
    ['$.download_url', { hash_type: 'SHA1', hash_value: '0'.repeat(40) }],
  ])('refuses a reply without a usable %s', async (path, body) => {
    sandbox.gateway.next({ reply: { status: 200, body } });

    await expect(failureOf(WxPayProtocolError, bills.trade({ date: DAY }))).resolves.toMatchObject({ path });
  });

  it('stops with the reason of the caller', async () => {
    const reason = new Error('enough');

    await expect(bills.trade({ date: DAY }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it.each([
    ['date', { date: '2026-02-30' }],
    ['date', { date: '20260101' }],
    ['date', { date: '2026-1-1' }],
    ['date', { date: new Date() }],
    ['date', undefined],
    ['type', { date: DAY, type: 'RECHARGE_REFUND' }],
    ['subMchid', { date: DAY, subMchid: 'x' }],
  ])('refuses a faulty %s before anything is sent: %j', async (field, request) => {
    const before = sandbox.gateway.requests.length;

    const error = await failureOf(WxPayInputError, bills.trade(request as TradeBillRequest));

    expect(error.field).toBe(field);
    expect(sandbox.gateway.requests).toHaveLength(before);
  });

  it('refuses a day that has not ended in Beijing, and says when its bill is ready', async () => {
    const today = beijingDay(Date.now());
    const tomorrow = beijingDay(Date.now() + 86_400_000);

    const error = await failureOf(WxPayInputError, bills.trade({ date: today }));

    expect(error).toMatchObject({ field: 'date', retryable: true });
    expect(error.retryAt).toEqual(new Date(`${tomorrow}T10:00:00+08:00`));
  });
});

describe('BillService.fundFlow', () => {
  it('shows every change of the balance', async () => {
    const bill = await bills.fundFlow({ date: DAY });
    const rows = await rowsOf(bill);
    await bill[Symbol.asyncDispose]();

    expect(rows.map(({ direction, amount, voucher }) => [direction, amount, voucher])).toEqual([
      ['in', 1_000, 'A1'],
      ['in', 1, 'A2'],
      ['in', 5, 'SUB'],
    ]);
    expect(bill).toMatchObject({ proven: true, summary: { count: 3, inAmount: 1_006, outCount: 0 } });
  });

  it('is empty for an account without transactions', async () => {
    const bill = await bills.fundFlow({ date: DAY, account: 'FEES' });
    await bill[Symbol.asyncDispose]();

    expect(bill.summary).toEqual({ count: 0, inCount: 0, inAmount: 0, outCount: 0, outAmount: 0 });
  });

  it('refuses a faulty account', async () => {
    const asked = bills.fundFlow({ date: DAY, account: 'Basic' as 'BASIC' });

    await expect(failureOf(WxPayInputError, asked)).resolves.toMatchObject({ field: 'account' });
  });
});
