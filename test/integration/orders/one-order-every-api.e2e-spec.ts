import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Md5Signer,
  WxPayApiError,
  WxPayMerchants,
  type CloseOrderRef,
  type Order,
  type WxPayMerchant,
} from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const MCHID = '1900000001';
const SUB_MCHID = '1900000109';
const PAID_AT = new Date('2026-03-04T05:06:07Z');

let gateway: MockWxPayGateway;
const merchants = new WxPayMerchants();

beforeAll(async () => {
  gateway = await startGateway({ ageRules: false });
  // One merchant, who has keys of both APIs.
  const sharedMchid = true;
  const signer = new Md5Signer({ key: gateway.keys.apiV2Key });
  merchants.register('v3', gateway.options());
  merchants.register('v2', gateway.optionsV2({ sharedMchid }));
  merchants.register('v2-md5', gateway.optionsV2({ sharedMchid, signer }));
});
afterAll(async () => {
  await gateway.stop();
  await merchants.onModuleDestroy();
});

describe.each([
  ['v3 direct', 'v3', undefined],
  ['v3 partner', 'v3', SUB_MCHID],
  ['v2 with HMAC-SHA256', 'v2', undefined],
  ['v2 with MD5', 'v2-md5', undefined],
  ['v2 for a sub-merchant', 'v2', SUB_MCHID],
])('the services over %s', (api, name, subMchid) => {
  let merchant: WxPayMerchant;
  const owner = subMchid === undefined ? {} : { subMchid };

  beforeAll(() => {
    merchant = merchants.get(name);
  });

  /** Places an order under a number that no other API uses. */
  function place(label: string): CloseOrderRef {
    const ref = { outTradeNo: `${label}-${api}`.replaceAll(' ', '-'), ...owner };
    gateway.orders.create({
      ...ref,
      amount: { total: 1_000 },
      attach: '深圳分店',
      tradeType: 'NATIVE',
      sceneInfo: { deviceId: '013467007045764' },
    });
    return ref;
  }

  function pay(ref: CloseOrderRef): void {
    gateway.orders.pay(ref, {
      at: PAID_AT,
      bankType: 'ICBC_DEBIT',
      payerTotal: 900,
      openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      promotionDetail: [{ couponId: '109519', type: 'CASH', amount: 100 }],
    });
  }

  /** What every API tells of the paid order. */
  const paid = (ref: CloseOrderRef): Partial<Order> => ({
    mchid: MCHID,
    appid: 'wx8888888888888888',
    ...ref,
    tradeState: 'SUCCESS',
    tradeType: 'NATIVE',
    bankType: 'ICBC_DEBIT',
    attach: '深圳分店',
    successTime: PAID_AT,
    amount: { total: 1_000, payerTotal: 900, currency: 'CNY', payerCurrency: 'CNY' },
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    sceneInfo: { deviceId: '013467007045764' },
  });

  it('return the same paid order, by either number', async () => {
    const ref = place('paid');
    pay(ref);
    const transactionId = gateway.orders.get(ref)?.transactionId ?? '';

    const byOurs = await merchant.orderQuery.query(ref);
    const byTheirs = await merchant.orderQuery.query({ transactionId, ...owner });

    expect(byOurs).toMatchObject({ ...paid(ref), transactionId });
    expect(byOurs.promotionDetail).toMatchObject([{ couponId: '109519', type: 'CASH', amount: 100 }]);
    expect(byTheirs).toEqual(byOurs);
  });

  it('return NOTPAY for an unpaid order, without the fields of a payment', async () => {
    const order = await merchant.orderQuery.query(place('unpaid'));

    expect(order.tradeState).toBe('NOTPAY');
    for (const field of ['transactionId', 'successTime', 'payer', 'bankType', 'promotionDetail']) {
      expect(order).not.toHaveProperty(field);
    }
  });

  it('return REFUND for a refunded order, with its payment', async () => {
    const ref = place('refunded');
    pay(ref);
    gateway.orders.refund(ref);

    await expect(merchant.orderQuery.query(ref)).resolves.toMatchObject({
      ...paid(ref),
      tradeState: 'REFUND',
    });
  });

  it('close an order, repeatedly', async () => {
    const ref = place('closed');

    await merchant.orderClose.close(ref);
    await merchant.orderClose.close(ref);

    await expect(merchant.orderQuery.query(ref)).resolves.toMatchObject({ tradeState: 'CLOSED' });
  });

  it('refuse to close a paid order', async () => {
    const ref = place('too-late');
    pay(ref);

    const error = await failureOf(WxPayApiError, merchant.orderClose.close(ref));

    expect(error).toMatchObject({ code: 'ORDER_PAID', kind: 'order-state', operation: 'order.close' });
    expect(gateway.orders.get(ref)?.tradeState).toBe('SUCCESS');
  });

  it('reject with order-not-found for a missing order', async () => {
    const error = await failureOf(
      WxPayApiError,
      merchant.orderQuery.query({ outTradeNo: 'missing', ...owner }),
    );

    expect(error).toMatchObject({
      code: 'ORDER_NOT_EXIST',
      kind: 'order-not-found',
      operation: 'order.query',
    });
  });

  it('reject with a retryable error after a system error', async () => {
    const busy =
      name === 'v3'
        ? ({ status: 500, code: 'SYSTEM_ERROR' } as const)
        : ({ status: 200, code: 'SYSTEMERROR' } as const);
    for (let attempt = 0; attempt < 4; attempt++) gateway.next(busy);

    const error = await failureOf(WxPayApiError, merchant.orderQuery.query(place('busy')));

    expect(error).toMatchObject({ code: 'SYSTEM_ERROR', kind: 'gateway', retryable: true });
  });
});
