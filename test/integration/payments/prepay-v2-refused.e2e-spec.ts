import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WxPayApiError, WxPayMerchants, type WxPayMerchant } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { newOrder } from '../../support/harness/placing.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const merchants = new WxPayMerchants();
let gateway: MockWxPayGateway;
let merchant: WxPayMerchant;

beforeAll(async () => {
  gateway = await startGateway();
  merchant = merchants.register('v2', gateway.optionsV2());
});
afterAll(async () => {
  await gateway.stop();
  await merchants.onModuleDestroy();
});

describe('PrepayService over APIv2, refused because of a parameter', () => {
  it.each([
    ['body', '输入源“/body/xml/body”映射到值字段“商品描述”字符串规则校验失败，字节数 129，大于最大值 128'],
    ['time_expire', 'time_expire时间过短，刷卡至少1分钟，其他5分钟'],
  ])('knows that the order was not placed, and does not repeat the call: %s', async (field, text) => {
    const body = `<xml><return_code>FAIL</return_code><return_msg>${text}</return_msg></xml>`;
    const earlier = gateway.requests.length;
    gateway.next({ reply: { status: 200, body } });

    const error = await failureOf(WxPayApiError, merchant.prepay.app(newOrder()));

    expect(error).toMatchObject({ code: 'PARAM_ERROR', retryable: false, detail: { field } });
    expect(error).not.toHaveProperty('outcomeUnknown');
    expect(gateway.requests).toHaveLength(earlier + 1);
  });
});
