import { inspect } from 'node:util';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { WxPayConfigError, WxPayInputError, type CodePayOptions, type CodePayRequest } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { APIS, coffee, useCounter, type Api } from '../../support/harness/counter.js';

const AUTH_CODE = '134567890123456789';
const counter = useCounter();
const requestsOf = (api: Api) => counter.at(api).gateway.requests.length;

afterEach(() => {
  jest.useRealTimers();
});

describe.each(APIS)('CodePayService over API%s, before it sends anything', (api) => {
  it.each<[string, Partial<Record<keyof CodePayRequest, unknown>>]>([
    ['outTradeNo', { outTradeNo: 'T1' }],
    ['description', { description: '' }],
    ['amount.total', { amount: { total: 0.5 } }],
    ['amount.currency', { amount: { total: 1, currency: 'USD' } }],
    ['authCode', { authCode: undefined }],
    ['authCode', { authCode: '284567890123456789' }],
    ['authCode', { authCode: Number(AUTH_CODE) }],
    ['storeInfo', { storeInfo: {} }],
    ['storeInfo.outId', { storeInfo: { outId: 'x'.repeat(33) } }],
    ['deviceId', { deviceId: 'x'.repeat(33) }],
    ['deviceIp', { deviceIp: 'localhost' }],
    ['subMchid', { subAppid: 'wxsub' }],
    ['appid', { appid: 'wx 1' }],
  ])('names %s in a request with %j', async (field, wrong) => {
    const before = requestsOf(api);
    const request = coffee(AUTH_CODE, wrong as Partial<CodePayRequest>);

    const error = await failureOf(WxPayInputError, counter.pay(api, request));

    expect(error).toMatchObject({ field });
    expect(inspect(error)).not.toMatch(/\d{18}/);
    expect(requestsOf(api)).toBe(before);
  });

  it.each<[string, CodePayOptions]>([
    ['waitMs', { waitMs: 60_000 }],
    ['waitMs', { waitMs: 10_000, timeoutMs: 10_000 }],
    ['waitMs', { waitMs: -1 }],
    ['waitMs', { waitMs: NaN }],
    ['timeoutMs', { timeoutMs: 0 }],
  ])('names %s in the options %j', async (field, options) => {
    const before = requestsOf(api);

    const error = await failureOf(WxPayInputError, counter.pay(api, coffee(AUTH_CODE), options));

    expect(error).toMatchObject({ field });
    expect(requestsOf(api)).toBe(before);
  });

  it('rejects with the reason of a caller who has aborted', async () => {
    const before = requestsOf(api);

    const paying = counter.pay(api, coffee(AUTH_CODE), { signal: AbortSignal.abort('enough') });

    await expect(paying).rejects.toBe('enough');
    expect(requestsOf(api)).toBe(before);
  });

  it('reverses nothing when the caller aborts while the customer enters the password', async () => {
    const caller = new AbortController();
    const { gateway, operations } = counter.at(api);
    const order = coffee(gateway.customer.showCode({ password: 'never' }));
    setTimeout(() => caller.abort('enough'), 12_000);

    await expect(counter.pay(api, order, { signal: caller.signal })).rejects.toBe('enough');

    expect(operations(order)).toEqual(['order.codePay', 'order.query', 'order.query']);
    expect(gateway.orders.get(order.outTradeNo)?.tradeState).toBe('USERPAYING');
  });

  it('shows the code in no result and in no error', async () => {
    const { gateway } = counter.at(api);
    const order = coffee(gateway.customer.showCode());
    const text = `付款码${order.authCode}已失效`;
    gateway.next({
      when: { operation: 'order.codePay' },
      status: api === 'v3' ? 403 : 200,
      code: 'AUTH_CODE_INVALID',
      message: text,
    });

    const payment = await counter.pay(api, order);

    expect(payment).toMatchObject({ outcome: 'refused', cause: { code: 'AUTH_CODE_INVALID' } });
    const told = inspect(payment, { depth: 9, showHidden: true }) + JSON.stringify(payment);
    expect(told).toContain('已失效');
    expect(told).not.toContain(order.authCode);
  });
});

describe('CodePayService', () => {
  it('refuses a merchant of APIv2 that could not reverse, before it sends anything', async () => {
    const { gateway } = counter.at('v2');
    const options = gateway.optionsV2({ clientCertificate: undefined, sharedMchid: true });
    const { codePay } = counter.merchants.register('no-certificate', options);
    const before = requestsOf('v2');

    const error = await failureOf(WxPayConfigError, codePay.pay(coffee(AUTH_CODE)));

    expect(error.message).toMatch(/Paying by code needs the means to reverse .* set clientCertificate/);
    expect(requestsOf('v2')).toBe(before);
  });

  it('names the option when neither the merchant nor the request has an appid', async () => {
    const { gateway } = counter.at('v3');
    const options = gateway.options({ appid: undefined, sharedMchid: true });
    const { codePay } = counter.merchants.register('no-appid', options);
    const before = requestsOf('v3');

    await expect(codePay.pay(coffee(AUTH_CODE))).rejects.toThrow(/set the option appid \(WXPAY_APPID\)/);

    expect(requestsOf('v3')).toBe(before);
  });

  it.each([
    ['of the request', {}, { appid: 'wx8888888888888888' }],
    ['of codePayReverse', { codePayReverse: { appid: 'wx8888888888888888' } }, {}],
  ])('pays and reverses with the appid %s', async (name, merchant, request) => {
    const { gateway } = counter.at('v3');
    const options = gateway.options({ appid: undefined, sharedMchid: true, ...merchant });
    const { codePay } = counter.merchants.register(`appid ${name}`, options);
    const order = coffee(gateway.customer.showCode({ password: 'never' }), request);

    await expect(counter.inVirtualTime(codePay.pay(order))).resolves.toEqual({ outcome: 'reversed' });
  });

  it('pays, queries and reverses with the appid of the request over APIv2', async () => {
    const { gateway } = counter.at('v2');
    const options = gateway.optionsV2({ appid: 'wx1111111111111111', sharedMchid: true });
    const { codePay } = counter.merchants.register('v2 with another app', options);
    const order = coffee(gateway.customer.showCode({ password: 'never' }), { appid: 'wx8888888888888888' });

    await expect(counter.inVirtualTime(codePay.pay(order))).resolves.toEqual({ outcome: 'reversed' });
  });

  it('needs the shop over APIv3', async () => {
    const asked = requestsOf('v3');

    await expect(counter.pay('v3', coffee(AUTH_CODE, { storeInfo: undefined }))).rejects.toMatchObject({
      field: 'storeInfo',
    });

    expect(requestsOf('v3')).toBe(asked);
  });

  it('pays on the backup host when no connection to the main host can be made', async () => {
    const { gateway } = counter.at('v3');
    const options = gateway.options({ hosts: ['http://127.0.0.1:9', gateway.url], sharedMchid: true });
    const { codePay } = counter.merchants.register('backup', options);
    const order = coffee(gateway.customer.showCode());

    await expect(counter.inVirtualTime(codePay.pay(order))).resolves.toMatchObject({ outcome: 'paid' });
  });

  it('rejects, and charges nobody, when no connection can be made at all', async () => {
    const { gateway } = counter.at('v3');
    const options = gateway.options({ hosts: ['http://127.0.0.1:9'], sharedMchid: true });
    const { codePay } = counter.merchants.register('unreachable', options);

    const paying = counter.inVirtualTime(codePay.pay(coffee(AUTH_CODE)));

    await expect(paying).rejects.toMatchObject({
      code: 'WXPAY_TRANSPORT',
      message: expect.stringContaining('Nothing was sent'),
    });
  });
});
