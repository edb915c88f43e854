import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { HostCallOptions } from '../../../../lib/domain/ports/apis.js';
import type { Order } from '../../../../lib/domain/order.js';
import { type PAYMENT, payInVirtualTime } from '../../../support/harness/code-pay-in-virtual-time.js';
import { CodePayModel, timesOf } from '../../../support/models/code-pay-model.js';
import type { CodePayEvent, CodePayFault, CodePayPlan } from '../../../support/models/code-pay-plan.js';

const failing = (...faults: readonly (readonly [number, CodePayFault])[]): Partial<CodePayPlan> => ({
  faults: new Map(faults),
});
const happening = (moment: number, ...events: readonly CodePayEvent[]): Partial<CodePayPlan> => ({
  events: new Map([[moment, events]]),
});
const BEFORE_QUERY_2 = 4;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('payByCode', () => {
  it('says paid when the customer pays at once', async () => {
    const model = new CodePayModel({ customer: 'pays' });

    await expect(payInVirtualTime(model)).resolves.toMatchObject({
      outcome: 'paid',
      order: { outTradeNo: 'T1' },
    });

    expect(timesOf(model)).toEqual(['pay 0']);
  });

  it.each([false, true])(
    'asks every 5 seconds while the customer enters the password; APIv2: %s',
    async (isV2) => {
      const model = new CodePayModel({ customer: 'types', isV2, ...happening(BEFORE_QUERY_2, 'pay') });

      await expect(payInVirtualTime(model)).resolves.toMatchObject({ outcome: 'paid' });

      expect(timesOf(model)).toEqual(['pay 0', 'query 5', 'query 10']);
    },
  );

  it('reverses the order after half a minute when the customer does not pay', async () => {
    const model = new CodePayModel({ customer: 'types' });

    await expect(payInVirtualTime(model)).resolves.toEqual({ outcome: 'reversed' });

    const queries = [5, 10, 15, 20, 25, 30].map((second) => `query ${second}`);
    expect(timesOf(model)).toEqual(['pay 0', ...queries, 'reverse 30', 'query 30']);
  });

  it('reverses the order after a wrong password without waiting longer, yet not before 15 seconds', async () => {
    const model = new CodePayModel({ customer: 'types', ...happening(3, 'fail') });

    await expect(payInVirtualTime(model)).resolves.toEqual({ outcome: 'reversed' });

    expect(timesOf(model)).toEqual(['pay 0', 'query 5', 'query 10', 'query 15', 'reverse 15', 'query 15']);
  });

  it.each([
    ['half of the time at most', { timeoutMs: 50_000 }, 25],
    ['as long as it is told', { waitMs: 20_000 }, 20],
    ['15 seconds at least', { waitMs: 1_000 }, 15],
  ])('waits %s before it reverses', async (_, options, second) => {
    const model = new CodePayModel({ customer: 'types' });

    await payInVirtualTime(model, options);

    expect(timesOf(model)).toContain(`reverse ${second}`);
  });

  it.each(['ABSENT', 'NOTPAY', 'PAYERROR'] as const)(
    'says at once that the payment was refused, when the order is %s',
    async (left) => {
      const model = new CodePayModel({ customer: `refused: ${left}` });

      await expect(payInVirtualTime(model)).resolves.toMatchObject({
        outcome: 'refused',
        cause: { code: 'TRADE_ERROR' },
      });

      expect(timesOf(model).every((time) => time.endsWith(' 0'))).toBe(true);
    },
  );

  it('asks every host before it says refused of an order that is missing', async () => {
    const hosts: (string | undefined)[] = [];
    class Watched extends CodePayModel {
      override async query(
        ref: { readonly outTradeNo: string },
        options: HostCallOptions = {},
      ): Promise<Order> {
        hosts.push(options.host);
        return super.query(ref, options);
      }
    }

    await payInVirtualTime(new Watched({ customer: 'refused: ABSENT' }));

    expect(hosts).toEqual([undefined, 'https://main', 'https://backup']);
  });

  it('is unresolved when neither the payment nor the query is allowed', async () => {
    const model = new CodePayModel({ customer: 'refused: ABSENT', ...failing([1, 'SIGN_ERROR']) });

    await expect(payInVirtualTime(model)).resolves.toMatchObject({
      outcome: 'unresolved',
      cause: { code: 'TRADE_ERROR' },
    });

    expect(timesOf(model)).toEqual(['pay 0', 'query 0']);
  });

  it('does not name a refusal that a query has contradicted', async () => {
    const model = new CodePayModel({
      customer: 'types',
      ...failing([0, 'false refusal']),
      ...happening(BEFORE_QUERY_2, 'fail'),
    });

    await expect(payInVirtualTime(model)).resolves.toEqual({ outcome: 'reversed' });
  });

  it('rejects when nothing was sent', async () => {
    const model = new CodePayModel({ customer: 'pays', ...failing([0, 'not sent']) });

    await expect(payInVirtualTime(model)).rejects.toThrow('not sent');

    expect(timesOf(model)).toEqual(['pay 0']);
  });

  it('finds out by itself that a payment whose reply was lost took effect', async () => {
    const model = new CodePayModel({ customer: 'pays', ...failing([0, 'lost after it took effect']) });

    await expect(payInVirtualTime(model)).resolves.toMatchObject({ outcome: 'paid' });

    expect(timesOf(model)).toEqual(['pay 0', 'query 5']);
  });

  it('does not conclude that a payment failed that may still arrive', async () => {
    const model = new CodePayModel({ customer: 'pays', ...failing([0, 'held']) });

    await expect(payInVirtualTime(model)).resolves.toMatchObject({
      outcome: 'unresolved',
      cause: { outcomeUnknown: true },
    });
  });

  it('reverses a payment that arrives late', async () => {
    const model = new CodePayModel({ customer: 'pays', ...failing([0, 'held']), ...happening(16, 'arrive') });

    await expect(payInVirtualTime(model)).resolves.toMatchObject({ outcome: 'reversed' });
  });

  it('does not say paid of an order whose reversal is under way', async () => {
    const model = new CodePayModel({ customer: 'types', ...failing([7, 'held']), ...happening(15, 'pay') });

    await expect(payInVirtualTime(model)).resolves.toEqual({ outcome: 'reversed', refunded: true });
  });

  it('leaves an order with another amount alone', async () => {
    const model = new CodePayModel({ customer: 'pays', initial: 'SUCCESS', initialTotal: 1 });

    await expect(payInVirtualTime(model)).resolves.toMatchObject({
      outcome: 'unresolved',
      order: { amount: { total: 1 } },
      cause: { code: 'ORDER_PAID' },
    });

    expect(timesOf(model)).toEqual(['pay 0', 'query 0']);
  });

  it.each([
    ['refused', 'CLOSED', { cause: { code: 'ORDER_CLOSED' } }],
    ['reversed', 'REVOKED', {}],
  ] as const)('says %s of a number whose order is %s', async (outcome, initial, told) => {
    const model = new CodePayModel({ customer: 'pays', initial });

    await expect(payInVirtualTime(model)).resolves.toMatchObject({ outcome, ...told });

    expect(timesOf(model)).toEqual(['pay 0', 'query 0']);
  });

  it('says paid again when the same payment is made again', async () => {
    const model = new CodePayModel({ customer: 'pays', initial: 'SUCCESS' });

    await expect(payInVirtualTime(model)).resolves.toMatchObject({ outcome: 'paid' });
  });

  it('gives the payment no more than half of its time, and no call more than a call of the merchant has', async () => {
    const timeouts: unknown[] = [];
    class Timed extends CodePayModel {
      override async pay(request: typeof PAYMENT, options: HostCallOptions = {}): Promise<Order> {
        timeouts.push(options.timeoutMs);
        return super.pay(request);
      }
      override async query(
        ref: { readonly outTradeNo: string },
        options: HostCallOptions = {},
      ): Promise<Order> {
        timeouts.push(options.timeoutMs);
        return super.query(ref);
      }
    }

    await payInVirtualTime(new Timed({ customer: 'types', ...happening(2, 'pay') }), { timeoutMs: 5_500 });

    expect(timeouts).toEqual([2_750, 500]);
  });

  it('is unresolved when there is no time to reverse', async () => {
    const model = new CodePayModel({ customer: 'types' });

    await expect(payInVirtualTime(model, { timeoutMs: 14_000 })).resolves.toMatchObject({
      outcome: 'unresolved',
      order: { tradeState: 'USERPAYING' },
    });

    expect(timesOf(model)).toEqual(['pay 0', 'query 5', 'query 10']);
  });
});
