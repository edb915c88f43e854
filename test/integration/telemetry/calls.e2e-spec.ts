import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import {
  WXPAY_CHANNELS,
  WxPayApiError,
  WxPayTransportError,
  type AttemptEvent,
  type WxPayMerchant,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { recordCalls, recordEvents } from '../../support/harness/recorded-events.js';
import { useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();
const calls = recordCalls();
const attempts = recordEvents<AttemptEvent>(WXPAY_CHANNELS.attempt);
const query = (merchant: WxPayMerchant, options?: { readonly timeoutMs?: number; signal?: AbortSignal }) =>
  merchant.orderQuery.query({ outTradeNo: 'T1' }, options);

describe('the channel of calls', () => {
  it('publishes one event for a call that succeeds', async () => {
    const merchant = hosts.merchantWith();

    await query(merchant);

    expect(calls.order).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(calls.over).toEqual([
      {
        merchant: merchant.name,
        operation: 'order.query',
        api: 'v3',
        outTradeNo: 'T1',
        outcome: 'success',
        durationMs: expect.any(Number),
        attempts: 1,
        host: hosts.main.url,
        isBackup: false,
        httpStatus: 200,
        requestId: expect.stringMatching(/^[\w-]+$/),
        error: undefined,
      },
    ]);
    expect(calls.over[0]?.durationMs).toBeGreaterThan(0);
  });

  it('publishes the same over APIv2', async () => {
    await query(hosts.v2MerchantWith());

    expect(calls.over).toMatchObject([
      { operation: 'order.query', api: 'v2', outTradeNo: 'T1', outcome: 'success', attempts: 1 },
    ]);
  });

  it('publishes the kind of a refusal, without the error object', async () => {
    const { orderQuery } = hosts.merchantWith();

    await failureOf(WxPayApiError, orderQuery.query({ outTradeNo: 'none' }));

    expect(calls.order).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    expect(calls.over).toMatchObject([
      {
        outcome: 'refused',
        httpStatus: 404,
        error: { type: 'order-not-found', code: 'ORDER_NOT_EXIST', message: expect.stringContaining('none') },
      },
    ]);
    expect(calls.over[0]?.error).not.toBeInstanceOf(Error);
  });

  it('counts the attempts of a call that moves to the backup host as one call', async () => {
    hosts.main.next({ fault: 'reset', handled: false });

    await query(hosts.merchantWith());

    expect(calls.over).toMatchObject([
      { outcome: 'success', attempts: 2, host: hosts.backup.url, isBackup: true },
    ]);
    expect(attempts).toMatchObject([
      {
        operation: 'order.query',
        api: 'v3',
        attempt: 1,
        host: hosts.main.url,
        isBackup: false,
        outcome: 'failed',
        error: { type: 'transport', code: 'WXPAY_TRANSPORT' },
      },
      { attempt: 2, host: hosts.backup.url, isBackup: true, outcome: 'success', httpStatus: 200 },
    ]);
    expect(attempts[0]).toMatchObject({ httpStatus: undefined, durationMs: expect.any(Number) });
  });

  it('publishes each retry after a refusal', async () => {
    hosts.main.next({ status: 500, code: 'SYSTEM_ERROR' });

    await query(hosts.merchantWith());

    expect(calls.over).toMatchObject([{ outcome: 'success', attempts: 2, isBackup: false }]);
    expect(attempts).toMatchObject([
      { outcome: 'refused', httpStatus: 500, error: { type: 'gateway', code: 'SYSTEM_ERROR' } },
      { outcome: 'success', error: undefined },
    ]);
  });

  it('publishes a call that times out', async () => {
    for (const host of [hosts.main, hosts.backup]) host.next({ fault: 'hang' });

    await failureOf(WxPayTransportError, query(hosts.merchantWith(), { timeoutMs: 400 }));

    expect(calls.over).toMatchObject([{ outcome: 'failed', error: { type: 'timeout' } }]);
    expect(attempts.at(-1)).toMatchObject({ outcome: 'failed', error: { type: 'timeout' } });
  });

  it('publishes a call that its caller aborts, without the reason', async () => {
    hosts.main.next({ fault: 'hang' });
    const controller = new AbortController();
    const asking = query(hosts.merchantWith(), { signal: controller.signal });
    controller.abort(new Error('the customer oUpF8uMuAJO_M2pxb1Q9zNjWeS6o left'));

    await expect(asking).rejects.toThrow('left');

    expect(calls.over).toMatchObject([{ outcome: 'aborted', error: { type: 'aborted' } }]);
    expect(inspect(calls.over)).not.toContain('customer');
  });

  it('publishes a failure of the signer of the app', async () => {
    const { signer } = hosts.main.options();
    const failing = Object.assign(Object.create(signer) as typeof signer, {
      algorithm: signer.algorithm,
      serialNo: signer.serialNo,
      sign: () => Promise.reject(new Error('KMS is down')),
    });

    await expect(query(hosts.merchantWith({ signer: failing }))).rejects.toThrow('KMS is down');

    expect(calls.over).toMatchObject([
      { outcome: 'failed', attempts: 1, httpStatus: undefined, error: { type: 'transport' } },
    ]);
  });

  it('publishes each call of a settlement, and requests to any other endpoint without their path', async () => {
    const merchant = hosts.merchantWith();
    const path = '/v3/pay/transactions/out-trade-no/T1';

    await merchant.orderSettle.settle({ outTradeNo: 'T1' });
    await merchant.client.request({ method: 'GET', path, query: { mchid: merchant.mchid } });

    expect(calls.over.map(({ operation }) => operation)).toEqual([
      'order.query',
      'order.close',
      'order.query',
      'request',
    ]);
    expect(calls.over.at(-1)).toMatchObject({ outcome: 'success', outTradeNo: undefined });
  });

  it('publishes nothing personal of a paid order', async () => {
    hosts.main.orders.pay('T1', { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' });

    const order = await query(hosts.merchantWith());

    expect(order.payer?.openid).toBe('oUpF8uMuAJO_M2pxb1Q9zNjWeS6o');
    expect(inspect([calls.over, attempts], { depth: 9, showHidden: true })).not.toMatch(
      /oUpF8u|Wechatpay-|BEGIN/,
    );
  });
});
