import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WxPayInputError, WxPayMerchants, type CallOptions, type WxPayMerchant } from 'nestjs-wxpay';
import type { MockWxPayGateway, MockBehaviour } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { useSandbox } from '../../support/harness/sandbox.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

// A lost answer is to be survived by the flow, not by a repeated attempt.
const sandbox = useSandbox({ ageRules: false }, { maxAttempts: 1 });
let orders = 0;

function place(tradeType?: string): string {
  const outTradeNo = `S${++orders}`;
  sandbox.gateway.orders.create({ outTradeNo, amount: { total: 100 }, tradeType });
  return outTradeNo;
}

const on = (operation: string, outTradeNo: string, behaviour: MockBehaviour): void =>
  sandbox.gateway.next({ ...behaviour, when: { operation, outTradeNo } });

const arrived = (outTradeNo: string): readonly (string | undefined)[] =>
  sandbox.gateway.requests
    .filter((request) => request.outTradeNo === outTradeNo)
    .map(({ operation }) => operation);

describe('OrderSettleService.settle, over sockets', () => {
  it('closes an unpaid order', async () => {
    const outTradeNo = place();

    const settlement = await sandbox.merchant.orderSettle.settle({ outTradeNo });

    expect(settlement).toMatchObject({ outcome: 'closed', order: { tradeState: 'CLOSED' } });
    expect(arrived(outTradeNo)).toEqual(['order.query', 'order.close', 'order.query']);
  });

  it.each<[string, (outTradeNo: string) => void]>([
    ['before it', (no) => void sandbox.gateway.orders.pay(no)],
    ['during the first query', (no) => on('order.query', no, { before: () => pay(no) })],
    ['during the close', (no) => on('order.close', no, { before: () => pay(no) })],
    [
      'during a close that gets no reply',
      (no) => on('order.close', no, { before: () => pay(no), fault: 'reset', handled: false }),
    ],
    [
      'during a close whose reply cannot be verified',
      (no) => on('order.close', no, { before: () => pay(no), fault: 'wrong-signature' }),
    ],
    [
      'during a close that an unsigned reply calls done',
      (no) => on('order.close', no, { before: () => pay(no), status: 400, code: 'ORDER_CLOSED' }),
    ],
    [
      'between a close that is lost and the query after it',
      (no) => {
        on('order.close', no, { fault: 'close', handled: false });
        on('order.query', no, {});
        on('order.query', no, { before: () => pay(no) });
      },
    ],
  ])('returns paid for a payment %s', async (_, arrange) => {
    const outTradeNo = place();
    arrange(outTradeNo);

    const settlement = await sandbox.merchant.orderSettle.settle({ outTradeNo });

    expect(settlement).toMatchObject({ outcome: 'paid', refunded: false, order: { tradeState: 'SUCCESS' } });
  });

  it('returns closed after a close whose reply was lost', async () => {
    const outTradeNo = place();
    on('order.close', outTradeNo, { fault: 'reset' });

    await expect(sandbox.merchant.orderSettle.settle({ outTradeNo })).resolves.toMatchObject({
      outcome: 'closed',
    });

    expect(arrived(outTradeNo)).toEqual(['order.query', 'order.close', 'order.query']);
  });

  it('returns reverse-required for a 付款码 order', async () => {
    const outTradeNo = place('MICROPAY');

    await expect(sandbox.merchant.orderSettle.settle({ outTradeNo })).resolves.toMatchObject({
      outcome: 'reverse-required',
    });

    expect(sandbox.gateway.orders.get(outTradeNo)?.tradeState).toBe('NOTPAY');
  });

  it('settles the order of a sub-merchant', async () => {
    const ref = { outTradeNo: 'SUB1', subMchid: '1900000109' };
    sandbox.gateway.orders.create({ ...ref, amount: { total: 100 } });

    await expect(sandbox.merchant.orderSettle.settle(ref)).resolves.toMatchObject({
      outcome: 'closed',
      order: ref,
    });
  });

  it('keeps its timeout if no host replies, and returns unresolved', async () => {
    const outTradeNo = place();
    on('order.query', outTradeNo, { fault: 'hang' });

    await expect(
      sandbox.merchant.orderSettle.settle({ outTradeNo }, { timeoutMs: 200 }),
    ).resolves.toMatchObject({ outcome: 'unresolved', cause: { timedOut: true } });
  });

  it.each([
    ['outTradeNo', { outTradeNo: '../refunds' }, {}],
    ['timeoutMs', { outTradeNo: 'S1' }, { timeoutMs: -1 }],
    ['createdAt', { outTradeNo: 'S1' }, { createdAt: new Date('yesterday') }],
    ['createdAt', { outTradeNo: 'S1' }, { createdAt: new Date(1_790_000_000) }],
    ['createdAt', { outTradeNo: 'S1' }, { createdAt: new Date('2999-01-01') }],
  ])('refuses a malformed %s before anything is sent', async (field, ref, options) => {
    const before = sandbox.gateway.requests.length;

    const settling = sandbox.merchant.orderSettle.settle(ref, options);

    await expect(failureOf(WxPayInputError, settling)).resolves.toMatchObject({ field });
    expect(sandbox.gateway.requests).toHaveLength(before);
  });

  function pay(outTradeNo: string): void {
    sandbox.gateway.orders.pay(outTradeNo);
  }
});

describe('OrderSettleService.settle with a main and a backup host', () => {
  const merchants = new WxPayMerchants();
  let main: MockWxPayGateway;
  let backup: MockWxPayGateway;
  let merchant: WxPayMerchant;

  beforeAll(async () => {
    const keys = {
      merchantPrivateKey: rsaKeys().privatePem,
      merchantSerialNo: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
      platformPrivateKey: rsaKeys().privatePem,
      publicKeyId: 'PUB_KEY_ID_1',
    };
    [main, backup] = await Promise.all([startGateway({ keys }), startGateway({ keys })]);
    merchant = merchants.register('default', main.options({ hosts: [main.url, backup.url] }));
  });
  afterAll(async () => {
    await Promise.all([main.stop(), backup.stop()]);
    await merchants.onModuleDestroy();
  });

  it('queries both before it returns not-found', async () => {
    await expect(merchant.orderSettle.settle({ outTradeNo: 'N1' })).resolves.toEqual({
      outcome: 'not-found',
      signed: false,
    });

    expect([main, backup].map(({ requests }) => requests.length)).toEqual([2, 1]);
  });

  it('returns the payment that only the backup host knows', async () => {
    backup.orders.create({ outTradeNo: 'N2', amount: { total: 100 } });
    backup.orders.pay('N2');

    await expect(merchant.orderSettle.settle({ outTradeNo: 'N2' })).resolves.toMatchObject({
      outcome: 'paid',
    });
  });

  it('ignores a host that a caller names', async () => {
    const options: CallOptions & { readonly host: string } = { host: 'https://evil.example' };

    await expect(merchant.orderQuery.query({ outTradeNo: 'N1' }, options)).rejects.toMatchObject({
      code: 'ORDER_NOT_EXIST',
    });
  });
});

describe('OrderSettleService.settle of a merchant of APIv2', () => {
  it('returns reverse-required for a 付款码 order, whose type APIv2 does not report before payment', async () => {
    const merchants = new WxPayMerchants();
    const merchant = merchants.register('v2', sandbox.gateway.optionsV2());
    const outTradeNo = place('MICROPAY');

    const settlement = await merchant.orderSettle.settle({ outTradeNo });

    expect(settlement).toMatchObject({ outcome: 'reverse-required', order: { tradeState: 'NOTPAY' } });
    expect(settlement).not.toHaveProperty('order.tradeType');
    await merchants.onModuleDestroy();
  });

  it.each([
    ['closed', () => undefined],
    ['paid', (no: string) => void sandbox.gateway.orders.pay(no)],
  ])('returns %s', async (outcome, duringClose) => {
    const merchants = new WxPayMerchants();
    const merchant = merchants.register('v2', sandbox.gateway.optionsV2());
    const outTradeNo = place();
    on('order.close', outTradeNo, { before: () => duringClose(outTradeNo) });

    const settlement = await merchant.orderSettle.settle({ outTradeNo });

    expect(settlement).toMatchObject({ outcome });
    await merchants.onModuleDestroy();
  });
});

describe('OrderCloseService.close of an order that is too young', () => {
  it('closes nothing and names the time to try again', async () => {
    const outTradeNo = place();
    const createdAt = new Date();

    const closing = sandbox.merchant.orderClose.close({ outTradeNo }, { createdAt });

    await expect(failureOf(WxPayInputError, closing)).resolves.toMatchObject({
      field: 'createdAt',
      retryable: true,
      retryAt: new Date(createdAt.getTime() + 300_000),
    });
    expect(arrived(outTradeNo)).toEqual([]);
  });

  it.each([
    ['an order of that age', 300_000, {}],
    ['an order of the age that the merchant sets', 1_000, { minOrderAgeMs: 1_000 }],
    ['any order if the merchant sets no age', 0, { minOrderAgeMs: 0 }],
  ])('closes %s', async (_, ageMs, overrides) => {
    const outTradeNo = place();
    const createdAt = new Date(Date.now() - ageMs);

    await sandbox.merchantWith(overrides).orderClose.close({ outTradeNo }, { createdAt });

    expect(sandbox.gateway.orders.get(outTradeNo)?.tradeState).toBe('CLOSED');
  });
});
