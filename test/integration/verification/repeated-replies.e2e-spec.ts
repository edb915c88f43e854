import { HttpService } from '@nestjs/axios';
import type { AxiosResponse } from 'axios';
import { describe, expect, it } from '@jest/globals';
import { WxPaySignatureError, type WxPayMerchant } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox({}, { maxAttempts: 1 });
let orders = 0;

function placeOrder(): string {
  const outTradeNo = `order-${++orders}`;
  sandbox.gateway.orders.create({ outTradeNo, amount: { total: 100 } });
  return outTradeNo;
}

/** What something on the way does: it answers later calls with the first answer that passed. */
interface Repetition {
  answer?: AxiosResponse;
  times?: number;
}

function repeatingHttp(repetition: Repetition = {}): HttpService {
  const httpService = new HttpService(new HttpService().axiosRef.create());
  httpService.axiosRef.interceptors.response.use((answer) => {
    if (repetition.answer === undefined) return (repetition.answer = answer);
    repetition.times = (repetition.times ?? 9) - 1;
    return repetition.times < 0 ? answer : repetition.answer;
  });
  return httpService;
}

const close = (merchant: WxPayMerchant): Promise<void> =>
  merchant.orderClose.close({ outTradeNo: placeOrder() });

describe('V3Pipeline, receiving a signed reply that names no order', () => {
  it('accepts it for one close only', async () => {
    const merchant = sandbox.merchantWith({ httpService: repeatingHttp() });
    await close(merchant);

    const error = await failureOf(WxPaySignatureError, close(merchant));

    expect(error.reason).toBe('stale');
    expect(error.message).toContain('was already accepted for another call');
  });

  it('refuses it for a close of another registration', async () => {
    const httpService = repeatingHttp();
    const one = sandbox.merchantWith({ httpService });
    const other = sandbox.merchantWith({ httpService });
    await close(one);

    await expect(failureOf(WxPaySignatureError, close(other))).resolves.toMatchObject({ reason: 'stale' });
  });

  it('refuses it as the refusal of another call', async () => {
    const merchant = sandbox.merchantWith({ httpService: repeatingHttp() });
    sandbox.gateway.next({
      reply: { status: 404, signed: true, body: { code: 'ORDER_NOT_EXIST', message: '订单不存在' } },
    });
    const query = () => merchant.orderQuery.query({ outTradeNo: placeOrder() });
    await expect(query()).rejects.toMatchObject({ code: 'ORDER_NOT_EXIST' });

    await expect(failureOf(WxPaySignatureError, query())).resolves.toMatchObject({ reason: 'stale' });
  });

  it('retries after a repeated reply', async () => {
    const merchant = sandbox.merchantWith({ httpService: repeatingHttp({ times: 1 }), maxAttempts: 2 });
    await close(merchant);

    await expect(close(merchant)).resolves.toBeUndefined();
  });
});
