import { HttpService } from '@nestjs/axios';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AxiosResponse } from 'axios';
import {
  WxPayMerchants,
  WxPaySignatureError,
  type PrepayService,
  type WxPayMerchant,
  type WxPayV2Options,
} from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { V2Pipeline } from '../../../lib/v2/pipeline.js';
import { reverseOrder } from '../../../lib/v2/operations/reverse-order.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { newOrder, OPENID } from '../../support/harness/placing.js';
import { useV2Sandbox } from '../../support/harness/v2-sandbox.js';
import { common, respondXml } from '../../support/servers/v2-server.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const merchants = new WxPayMerchants();
const sandbox = useV2Sandbox();
let gateway: MockWxPayGateway;
let registrations = 0;

const merchantWith = (overrides: Partial<WxPayV2Options> = {}): WxPayMerchant =>
  merchants.register(
    `v2-${++registrations}`,
    gateway.optionsV2({ maxAttempts: 1, sharedMchid: true, ...overrides }),
  );

/** Replies to later requests with the first reply that passed, as often as `times` says. */
function repeatingHttp(times = 9): HttpService {
  const httpService = new HttpService(new HttpService().axiosRef.create());
  let kept: AxiosResponse | undefined;
  let left = times;
  httpService.axiosRef.interceptors.response.use((reply) => {
    if (kept === undefined) return (kept = reply);
    return left-- > 0 ? kept : reply;
  });
  return httpService;
}

const closeOf = (merchant: WxPayMerchant, outTradeNo = newOrder().outTradeNo): Promise<void> => {
  if (gateway.orders.get(outTradeNo) === undefined) {
    gateway.orders.create({ outTradeNo, amount: { total: 1 } });
  }
  return merchant.orderClose.close({ outTradeNo });
};

beforeAll(async () => {
  gateway = await startGateway({ ageRules: false });
});
afterAll(async () => {
  await gateway.stop();
  await merchants.onModuleDestroy();
});

const product = { productId: 'P1' };
const payer = { payer: { openid: OPENID } };
const sceneInfo = { sceneInfo: { payerClientIp: '192.0.2.1', h5Info: { type: 'Wap' as const } } };

describe('the reply to an order that was placed over APIv2', () => {
  it.each<[string, (prepay: PrepayService) => Promise<unknown>]>([
    ['jsapi', (prepay) => prepay.jsapi(newOrder(payer))],
    ['miniProgram', (prepay) => prepay.miniProgram(newOrder(payer))],
    ['app', (prepay) => prepay.app(newOrder())],
    ['h5', (prepay) => prepay.h5(newOrder(sceneInfo))],
    ['native', (prepay) => prepay.native(newOrder(product))],
  ])('is not accepted for another order (%s)', async (_, place) => {
    const { prepay } = merchantWith({ httpService: repeatingHttp() });
    await place(prepay);

    const error = await failureOf(WxPaySignatureError, place(prepay));

    expect(error).toMatchObject({ reason: 'stale', retryable: true, outcomeUnknown: true });
    expect(error.message).toContain('could not be verified: it was already accepted for another order.');
  });

  it('is not accepted for an order of another registration', async () => {
    const httpService = repeatingHttp();
    await merchantWith({ httpService }).prepay.native(newOrder(product));
    const { prepay } = merchantWith({ httpService });

    await failureOf(WxPaySignatureError, prepay.native(newOrder(product)));
  });

  it('is not accepted after the merchant was replaced', async () => {
    const options = gateway.optionsV2({ maxAttempts: 1, sharedMchid: true, httpService: repeatingHttp() });
    await merchants.register('replaced', options).prepay.native(newOrder(product));
    merchants.replace('replaced', options);

    await failureOf(WxPaySignatureError, merchants.get('replaced').prepay.native(newOrder(product)));
  });

  it('is asked for again, so that the customer pays the right order', async () => {
    const { prepay } = merchantWith({ httpService: repeatingHttp(1), maxAttempts: 2 });
    const first = await prepay.native(newOrder(product));
    const request = newOrder(product);

    const { codeUrl } = await prepay.native(request);

    expect(codeUrl).not.toBe(first.codeUrl);
    gateway.customer.pay(codeUrl);
    expect(gateway.orders.get(request.outTradeNo)?.tradeState).toBe('SUCCESS');
  });

  it('is accepted again for the same order', async () => {
    const { prepay } = merchantWith({ httpService: repeatingHttp() });
    const request = newOrder(product);

    const { codeUrl } = await prepay.native(request);

    await expect(prepay.native(request)).resolves.toMatchObject({ codeUrl });
  });
});

describe('the reply to a close over APIv2', () => {
  it('is not accepted as that of another order', async () => {
    const merchant = merchantWith({ httpService: repeatingHttp() });
    await closeOf(merchant);

    const error = await failureOf(WxPaySignatureError, closeOf(merchant));

    expect(error).toMatchObject({ reason: 'stale', outcomeUnknown: true });
  });

  it('makes the merchant send the close again if it is about another order', async () => {
    const merchant = merchantWith({ httpService: repeatingHttp(1), maxAttempts: 2 });
    await closeOf(merchant);
    const { outTradeNo } = newOrder();

    await closeOf(merchant, outTradeNo);

    expect(gateway.orders.get(outTradeNo)?.tradeState).toBe('CLOSED');
  });

  it('is accepted again for the same order', async () => {
    const merchant = merchantWith({ httpService: repeatingHttp() });
    const { outTradeNo } = newOrder();
    await closeOf(merchant, outTradeNo);

    await expect(closeOf(merchant, outTradeNo)).resolves.toBeUndefined();
  });

  it('is accepted for any order if it has no nonce, because replies could then be the same', async () => {
    const { orders } = sandbox;
    const withoutNonce = () =>
      sandbox.server.next((response, sign, { fields }) => {
        const { nonce_str: _, ...others } = common(fields);
        respondXml(response, sign({ ...others, result_code: 'SUCCESS' }));
      });

    for (const outTradeNo of ['T1', 'T2']) {
      withoutNonce();
      await expect(orders.close({ outTradeNo })).resolves.toEqual({ outcome: 'closed' });
    }
  });
});

describe('the reply to a reversal over APIv2', () => {
  it('is not accepted as that of another order', async () => {
    const pipeline: V2Pipeline = sandbox.pipeline;
    const nonce_str = 'NONCE';
    const repeat = () =>
      sandbox.server.next((response, sign, { fields }) =>
        respondXml(response, sign({ ...common(fields), nonce_str, result_code: 'SUCCESS', recall: 'N' })),
      );
    for (const outTradeNo of ['T1', 'T1']) {
      repeat();
      await pipeline.execute(reverseOrder, { outTradeNo });
    }

    repeat();
    const error = await failureOf(WxPaySignatureError, pipeline.execute(reverseOrder, { outTradeNo: 'T2' }));

    expect(error).toMatchObject({ reason: 'stale', outcomeUnknown: true, retryable: false });
  });
});
