import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import type { AxiosResponse } from 'axios';
import { WxPayMerchants, WxPayTransportError, type WxPayMerchant } from 'nestjs-wxpay';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import {
  startIndependentGateway,
  type Answer,
  type IndependentGateway,
} from '../../support/servers/independent-gateway.js';

const ORDER = {
  mchid: '1900000001',
  out_trade_no: 'T1',
  trade_state: 'NOTPAY',
  trade_state_desc: '订单未支付',
};
const QUERY_ANSWER: Answer = { status: 200, body: JSON.stringify(ORDER) };

let gateway: IndependentGateway;
let merchant: WxPayMerchant;
let answer: Answer = QUERY_ANSWER;
const merchants = new WxPayMerchants();

beforeAll(async () => {
  gateway = await startIndependentGateway((path) =>
    path.endsWith('/close') ? { status: 204, body: '' } : answer,
  );
  merchant = merchants.register('default', gateway.options);
});
afterEach(() => {
  answer = QUERY_ANSWER;
});
afterAll(async () => {
  gateway.stop();
  await merchants.onModuleDestroy();
});

describe('WxPayMerchant, against the cryptography of another client', () => {
  it('queries, and accepts the reply', async () => {
    const order = await merchant.orderQuery.query({ outTradeNo: 'T1' });

    expect(order.tradeState).toBe('NOTPAY');
    expect(gateway.accepted.at(-1)).toBe(true);
  });

  it('closes, and accepts the empty reply', async () => {
    await merchant.orderClose.close({ outTradeNo: 'a|b@c*d' });

    expect(gateway.accepted.at(-1)).toBe(true);
  });

  it('shares connections among calls', async () => {
    const before = gateway.connections;

    for (let call = 0; call < 20; call++) await merchant.orderQuery.query({ outTradeNo: 'T1' });

    expect(gateway.connections - before).toBeLessThanOrEqual(1);
  });
});

describe('WxPayMerchant, with its connections', () => {
  it.each([
    ['replaced', (name: string) => void merchants.replace(name, gateway.options)],
    ['unregistered', (name: string) => void merchants.unregister(name)],
  ])('closes them when it is %s', async (label, retire) => {
    const before = gateway.openConnections;
    await merchants.register(label, gateway.options).orderQuery.query({ outTradeNo: 'T1' });
    expect(gateway.openConnections).toBe(before + 1);

    retire(label);

    // Sooner than the seconds after which an idle connection is closed anyway.
    await eventually(() => expect(gateway.openConnections).toBeLessThanOrEqual(before), 2_000);
  });
});

describe('WxPayMerchant, receiving a compressed reply', () => {
  it('verifies it after decompression', async () => {
    answer = { ...QUERY_ANSWER, gzip: true };

    await expect(merchant.orderQuery.query({ outTradeNo: 'T1' })).resolves.toMatchObject({
      outTradeNo: 'T1',
    });
  });

  it('drops it if it expands beyond the limit', async () => {
    answer = { status: 200, body: JSON.stringify({ ...ORDER, attach: 'x'.repeat(50_000_000) }), gzip: true };

    const once = merchants.register('once', { ...gateway.options, maxAttempts: 1 });

    const error = await failureOf(WxPayTransportError, once.orderQuery.query({ outTradeNo: 'T1' }));

    expect(error.message).toContain('is larger than 1048576 bytes');
  });
});

describe('WxPayMerchant, with its HTTP client', () => {
  it('shares nothing with the global axios of the app, nor its proxy', async () => {
    const { axiosRef } = new HttpService();
    const seen: unknown[] = [];
    const interceptor = axiosRef.interceptors.request.use((config) => {
      seen.push(config);
      return config;
    });
    axiosRef.defaults.headers.common['X-Session'] = 'internal';
    axiosRef.defaults.auth = { username: 'app', password: 'internal' };
    axiosRef.defaults.params = { tenant: '7' };
    process.env.HTTP_PROXY = 'http://127.0.0.1:9';
    try {
      const own = merchants.register('isolated', gateway.options);

      await own.orderQuery.query({ outTradeNo: 'T1' });
    } finally {
      delete process.env.HTTP_PROXY;
      delete axiosRef.defaults.params;
      delete axiosRef.defaults.auth;
      delete axiosRef.defaults.headers.common['X-Session'];
      axiosRef.interceptors.request.eject(interceptor);
    }

    expect(seen).toEqual([]);
    expect(gateway.accepted.at(-1)).toBe(true);
    expect(gateway.headers.at(-1)).not.toHaveProperty('x-session');
  });

  it('uses the one of the app, with its interceptors', async () => {
    const httpService = new HttpService(new HttpService().axiosRef.create());
    httpService.axiosRef.interceptors.request.use((config) => {
      config.headers.set('X-Traced', 'yes');
      return config;
    });
    const own = merchants.register('traced', { ...gateway.options, httpService });

    await own.orderQuery.query({ outTradeNo: 'T1' });

    expect(gateway.headers.at(-1)).toHaveProperty('x-traced', 'yes');
  });

  it.each([
    ['the body alone', (response: AxiosResponse) => response.data as unknown],
    ['nothing', () => undefined],
    ['a text for the bytes', (response: AxiosResponse) => ({ ...response, data: String(response.data) })],
    ['an envelope', ({ data }: AxiosResponse) => ({ isOk: true, data: data as unknown })],
  ])('names an interceptor of the app that returned %s, and sends one request', async (what, returned) => {
    const httpService = new HttpService(new HttpService().axiosRef.create());
    httpService.axiosRef.interceptors.response.use(returned as () => AxiosResponse);
    const own = merchants.register(`replaced by ${what}`, { ...gateway.options, httpService });
    const before = gateway.accepted.length;

    const error = await failureOf(WxPayTransportError, own.orderQuery.query({ outTradeNo: 'T1' }));

    expect(error.message).toContain(
      'The httpService returned no response of axios for order.query of order T1',
    );
    expect(gateway.accepted).toHaveLength(before + 1);
  });

  it('survives an interceptor that fails without a reason', async () => {
    const httpService = new HttpService(new HttpService().axiosRef.create());
    httpService.axiosRef.interceptors.response.use(() => Promise.reject(undefined));
    const own = merchants.register('failing', { ...gateway.options, httpService });

    await failureOf(WxPayTransportError, own.orderQuery.query({ outTradeNo: 'T1' }));
  });
});
