import { describe, expect, it } from '@jest/globals';
import { WxPayApiError, WxPayInputError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox();

describe('OrderQueryService.query', () => {
  it('returns an order that is not paid yet', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'unpaid', amount: { total: 990 }, attach: 'table 7' });

    const order = await sandbox.merchant.orderQuery.query({ outTradeNo: 'unpaid' });

    expect(order).toMatchObject({
      mchid: '1900000001',
      outTradeNo: 'unpaid',
      tradeState: 'NOTPAY',
      attach: 'table 7',
    });
    expect(order).not.toHaveProperty('transactionId');
    expect(order).not.toHaveProperty('payer');
  });

  it('returns a paid order, by either number', async () => {
    const { orders } = sandbox.gateway;
    orders.create({ outTradeNo: 'paid', amount: { total: 990 } });
    const { transactionId = '' } = orders.pay('paid', { at: new Date('2026-01-02T03:04:05Z') });

    const byOurs = await sandbox.merchant.orderQuery.query({ outTradeNo: 'paid' });
    const byTheirs = await sandbox.merchant.orderQuery.query({ transactionId });

    expect(byOurs).toMatchObject({ tradeState: 'SUCCESS', transactionId, amount: { total: 990 } });
    expect(byOurs.successTime).toEqual(new Date('2026-01-02T03:04:05Z'));
    expect(byTheirs).toEqual(byOurs);
  });

  it('finds numbers with every allowed character', async () => {
    const outTradeNo = 'a_b-c|d*e@F09';
    sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });

    const order = await sandbox.merchant.orderQuery.query({ outTradeNo });

    expect(order.outTradeNo).toBe(outTradeNo);
    expect(sandbox.gateway.requests.at(-1)?.path).toBe(
      '/v3/pay/transactions/out-trade-no/a_b-c%7Cd*e%40F09?mchid=1900000001',
    );
  });

  it('rejects with order-not-found for a number that was never placed', async () => {
    const error = await failureOf(WxPayApiError, sandbox.merchant.orderQuery.query({ outTradeNo: 'never' }));

    expect(error).toMatchObject({
      code: 'ORDER_NOT_EXIST',
      kind: 'order-not-found',
      httpStatus: 404,
      operation: 'order.query',
      merchant: 'default',
      retryable: false,
      signed: false,
      reasonCode: '268512771',
    });
    expect(error.requestId).toMatch(/-268512771$/);
    expect(error.message).toContain(
      'WeChat Pay refused order.query of order never with ORDER_NOT_EXIST (HTTP 404,',
    );
  });

  it('marks a signed refusal as signed', async () => {
    sandbox.gateway.next({ status: 404, code: 'ORDER_NOT_EXIST', signed: true });

    const error = await failureOf(WxPayApiError, sandbox.merchant.orderQuery.query({ outTradeNo: 'never' }));

    expect(error.signed).toBe(true);
    expect(error.message).not.toContain('unsigned');
  });

  it.each(['../../../refund/domestic/refunds', 'A?mchid=999&x=', '..%2F'])(
    'refuses %j before any request is sent',
    async (outTradeNo) => {
      const before = sandbox.gateway.requests.length;

      await failureOf(WxPayInputError, sandbox.merchant.orderQuery.query({ outTradeNo }));
      await failureOf(WxPayInputError, sandbox.merchant.orderQuery.query({ transactionId: outTradeNo }));
      await failureOf(WxPayInputError, sandbox.merchant.orderClose.close({ outTradeNo }));

      expect(sandbox.gateway.requests).toHaveLength(before);
    },
  );
});

describe('OrderQueryService.query, with a reference that its caller reuses', () => {
  it('queries the numbers that the reference had when the call began', async () => {
    const { orders } = sandbox.gateway;
    orders.create({ outTradeNo: 'first', amount: { total: 1 } });
    orders.create({ outTradeNo: 'second', amount: { total: 1 } });
    const ref = { outTradeNo: 'first' };

    const first = sandbox.merchant.orderQuery.query(ref);
    ref.outTradeNo = 'second';
    const second = sandbox.merchant.orderQuery.query(ref);

    await expect(first).resolves.toMatchObject({ outTradeNo: 'first' });
    await expect(second).resolves.toMatchObject({ outTradeNo: 'second' });
  });
});

describe('OrderCloseService.close', () => {
  it('closes an unpaid order, repeatedly', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'to-close', amount: { total: 1 } });

    await sandbox.merchant.orderClose.close({ outTradeNo: 'to-close' });
    await sandbox.merchant.orderClose.close({ outTradeNo: 'to-close' });

    const { tradeState } = await sandbox.merchant.orderQuery.query({ outTradeNo: 'to-close' });
    expect(tradeState).toBe('CLOSED');
  });

  it('rejects with order-state for a paid order', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'too-late', amount: { total: 1 } });
    sandbox.gateway.orders.pay('too-late');

    const error = await failureOf(
      WxPayApiError,
      sandbox.merchant.orderClose.close({ outTradeNo: 'too-late' }),
    );

    expect(error).toMatchObject({ code: 'ORDER_PAID', kind: 'order-state', operation: 'order.close' });
    expect(error.message).toContain('Query the order, then fulfil or refund it.');
  });

  it('closes by the number of the merchant, whatever other members an order has', async () => {
    const { orders, requests } = sandbox.gateway;
    orders.create({ outTradeNo: 'whole-order', amount: { total: 1 } });
    orders.pay('whole-order');
    const order = await sandbox.merchant.orderQuery.query({ outTradeNo: 'whole-order' });

    const error = await failureOf(WxPayApiError, sandbox.merchant.orderClose.close(order));
    for (const transactionId of [null, '..', '../out-trade-no/other']) {
      const row = { outTradeNo: 'whole-order', transactionId };
      await failureOf(WxPayApiError, sandbox.merchant.orderClose.close(row));
    }

    expect(error.code).toBe('ORDER_PAID');
    expect(new Set(requests.slice(-4).map(({ path }) => path))).toEqual(
      new Set(['/v3/pay/transactions/out-trade-no/whole-order/close']),
    );
  });

  it.each(['ORDER_CLOSED', 'ORDERCLOSED'])('treats a signed %s as success', async (code) => {
    sandbox.gateway.next({ status: 400, code, signed: true });
    const before = sandbox.gateway.requests.length;

    await sandbox.merchant.orderClose.close({ outTradeNo: 'was-closed' });

    expect(sandbox.gateway.requests).toHaveLength(before + 1);
  });

  it.each<[string, (no: string) => unknown]>([
    ['closed', (no) => sandbox.gateway.orders.close(no)],
    ['reversed', (no) => sandbox.gateway.orders.setState(no, 'REVOKED')],
  ])('confirms an unsigned ORDER_CLOSED with a verified query of a %s order', async (what, end) => {
    const outTradeNo = `really-${what}`;
    sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
    end(outTradeNo);
    sandbox.gateway.next({ status: 400, code: 'ORDER_CLOSED' });

    await expect(sandbox.merchant.orderClose.close({ outTradeNo })).resolves.toBeUndefined();
  });

  it.each([
    ['paid', 'SUCCESS', 'ORDER_PAID', true, 'Query the order, then fulfil or refund it.'],
    ['refunded', 'REFUND', 'ORDER_PAID', true, 'Query the order, then fulfil or refund it.'],
    ['open', 'NOTPAY', 'TRADE_ERROR', false, 'Query the order before deciding'],
  ])(
    'refuses an unsigned ORDER_CLOSED after a verified query of an order that is %s',
    async (what, state, code, signed, remedy) => {
      const outTradeNo = `really-${what}`;
      sandbox.gateway.orders.create({ outTradeNo, amount: { total: 1 } });
      if (what !== 'open') sandbox.gateway.orders.pay(outTradeNo);
      if (what === 'refunded') sandbox.gateway.orders.refund(outTradeNo);
      sandbox.gateway.next({ status: 400, code: 'ORDER_CLOSED' });

      const error = await failureOf(WxPayApiError, sandbox.merchant.orderClose.close({ outTradeNo }));

      expect(error).toMatchObject({ code, kind: 'order-state', signed, operation: 'order.close' });
      expect(error.message).toContain(
        `It said: "ORDER_CLOSED, but a verified query finds it ${state}". ${remedy}`,
      );
      expect(error.message).not.toContain('new number');
    },
  );

  it('uses the timeout of the merchant for that query if timeoutMs is undefined', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'no-time', amount: { total: 1 } });
    sandbox.gateway.orders.close('no-time');
    sandbox.gateway.next({ status: 400, code: 'ORDER_CLOSED' });

    const closing = sandbox.merchant.orderClose.close({ outTradeNo: 'no-time' }, { timeoutMs: undefined });

    await expect(closing).resolves.toBeUndefined();
  });

  it('spends no more than its timeout on the close and that query', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'slow-check', amount: { total: 1 } });
    sandbox.gateway.next({ status: 400, code: 'ORDER_CLOSED', delayMs: 200 });
    sandbox.gateway.next({ fault: 'hang' });
    const merchant = sandbox.merchantWith({ maxAttempts: 1 });
    const startedAt = performance.now();

    await expect(
      merchant.orderClose.close({ outTradeNo: 'slow-check' }, { timeoutMs: 800 }),
    ).rejects.toMatchObject({ code: 'WXPAY_TRANSPORT', timedOut: true });

    expect(performance.now() - startedAt).toBeLessThan(1_150);
    expect(sandbox.gateway.requests.at(-1)).toMatchObject({ operation: 'order.query' });
  });
});

describe('a request to WeChat Pay', () => {
  it('has the headers of the protocol, with a new signature for each attempt', async () => {
    sandbox.gateway.orders.create({ outTradeNo: 'headers', amount: { total: 1 } });
    const merchant = sandbox.merchantWith({ userAgent: 'shop/4.2' });

    await merchant.orderQuery.query({ outTradeNo: 'headers' });
    await merchant.orderClose.close({ outTradeNo: 'headers' });

    const [query, close] = sandbox.gateway.requests.slice(-2);
    for (const request of [query, close]) {
      expect(request?.headers).toMatchObject({
        accept: 'application/json',
        'wechatpay-serial': sandbox.gateway.keys.publicKeyId,
      });
      expect(request?.headers['user-agent']).toMatch(/^shop\/4\.2 nestjs-wxpay\/\d+\.\d+\.\d+ \(node \d+/);
    }
    expect(query?.headers).not.toHaveProperty('content-type');
    expect(close?.headers['content-type']).toBe('application/json');
    expect(close?.body).toBe('{"mchid":"1900000001"}');
  });
});
