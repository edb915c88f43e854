import { describe, expect, it } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { WxPayInputError, type OrderRef } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox();
const NUMBERS = ['T0', 'T1', 'T2', 'T3', 'T4'];

/** As some cursors of databases do it: one object, with another row in it at each step. */
async function* rows(): AsyncGenerator<OrderRef> {
  const row = { outTradeNo: '' };
  for (const outTradeNo of NUMBERS) yield Object.assign(row, { outTradeNo });
}

/** As a row of a database has it. */
const row = { outTradeNo: 'T9', transactionId: null, subMchid: null } as unknown as OrderRef;

describe('the services, with references of the caller', () => {
  it('use the numbers of the moment of the call, however long it waits', async () => {
    for (const outTradeNo of NUMBERS) sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
    const { orderQuery } = sandbox.merchantWith({ maxInFlight: 1 });

    const answered: string[] = [];
    for await (const { order, error } of orderQuery.queryMany(rows())) {
      answered.push(order?.outTradeNo ?? String(error));
    }

    expect(new Set(answered)).toEqual(new Set(NUMBERS));
  });

  it('accept null for absent numbers', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'T9', amount: { total: 1 } });
    const { orderQuery } = sandbox.merchantWith({});

    const watched = await firstValueFrom(orderQuery.watch(row));
    const outcomes = [];
    for await (const outcome of orderQuery.queryMany([row])) outcomes.push(outcome);

    expect(watched.outTradeNo).toBe('T9');
    expect(outcomes).toEqual([{ ref: row, order: expect.objectContaining({ outTradeNo: 'T9' }) as unknown }]);
  });
});

describe('the services, with a row that has createdAt as the reference', () => {
  const placed = { id: 1, outTradeNo: 'Y1', createdAt: new Date() };

  it.each([
    ['close', () => sandbox.merchant.orderClose.close(placed)],
    ['settle', () => sandbox.merchant.orderSettle.settle({ ...placed })],
    ['reverse', () => sandbox.merchant.orderReverse.reverse(placed)],
  ])('refuse it in %s, which takes createdAt in the second argument', async (_, call) => {
    const error = await failureOf(WxPayInputError, call());

    expect(error.field).toBe('createdAt');
    expect(error.message).toContain('createdAt belongs in the second argument');
  });

  it('accept it if the second argument has createdAt as well', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'Y2', amount: { total: 1 } });
    const { createdAt } = placed;

    const settlement = await sandbox.merchant.orderSettle.settle(
      { ...placed, outTradeNo: 'Y2' },
      { createdAt },
    );

    expect(settlement.outcome).toBe('too-young');
  });

  it('accept it if createdAt is null', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'Y3', amount: { total: 1 } });
    const unplaced = { outTradeNo: 'Y3', createdAt: null };

    await expect(sandbox.merchant.orderClose.close(unplaced)).resolves.toBeUndefined();
  });

  it('accept it in a query', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'Y4', amount: { total: 1 } });

    const order = await sandbox.merchant.orderQuery.query({ ...placed, outTradeNo: 'Y4' });

    expect(order.tradeState).toBe('NOTPAY');
  });
});
