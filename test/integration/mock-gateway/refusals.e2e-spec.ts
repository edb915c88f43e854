import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import {
  CLOSE_A1,
  handSign,
  QUERY_A1,
  send,
  type Claims,
} from '../../support/signing/hand-signed-request.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

let gateway: MockWxPayGateway;

beforeAll(async () => {
  gateway = await startGateway();
  gateway.orders.create({ outTradeNo: 'A1', amount: { total: 100 } });
  gateway.orders.create({ outTradeNo: 'PAID', amount: { total: 100 } });
  gateway.orders.pay('PAID');
});
afterAll(() => gateway.stop());

const refusalOf = async (claims: Claims, change: object = {}) => {
  const { status, body } = await send(gateway, { ...handSign(gateway, claims), ...change });
  return { status, body };
};
const post = (path: string, body: object): Claims => ({ method: 'POST', path, body: JSON.stringify(body) });
const prepay = (change: object) =>
  post('/v3/pay/transactions/jsapi', {
    appid: 'wx8888888888888888',
    mchid: '1900000001',
    description: 'tea',
    out_trade_no: 'ORDER-1',
    notify_url: 'https://shop.example/paid',
    amount: { total: 100 },
    payer: { openid: 'oAlice' },
    ...change,
  });

/** Bodies that WeChat Pay was seen to send, or shows in its documents; made of the same parts here. */
describe('The refusals of MockWxPayGateway over APIv3', () => {
  it.each<[string, Claims, string]>([
    [
      'a number that is too long',
      { path: QUERY_A1.replace('A1', 'A'.repeat(35)) },
      '{"code":"PARAM_ERROR","detail":{"location":"uri_template","value":35},"message":"输入源“/uri_template/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败，字节数 35，大于最大值 32"}',
    ],
    [
      'a field that is missing',
      post(CLOSE_A1, {}),
      '{"code":"PARAM_ERROR","detail":{"location":"body","value":""},"message":"输入源“/body/mchid”映射到字段“商户号”必填性规则校验失败，此字段为必填项"}',
    ],
    [
      'fields that are not documented',
      prepay({ payer: { openid: 'oAlice', name: 'Alice', age: 3 } }),
      '{"code":"PARAM_ERROR","detail":{"location":null,"value":["/body/payer/name","/body/payer/age"]},"message":"请求中含有未在API文档中定义的参数"}',
    ],
    [
      'a new number that is too short',
      prepay({ out_trade_no: 'A12' }),
      '{"code":"PARAM_ERROR","detail":{"location":"body","value":3},"message":"输入源“/body/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败，字节数 3，小于最小值 6"}',
    ],
    [
      'a new number of other characters',
      prepay({ out_trade_no: '订单号' }),
      String.raw`{"code":"PARAM_ERROR","detail":{"location":"body","value":"订单号"},"message":"输入源“/body/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败，字符串必须匹配正则表达式“^[0-9a-zA-Z_\\-\\|\\*]+$”"}`,
    ],
    [
      'an address with a blank',
      prepay({ notify_url: ' https://www.weixin.qq.com/wxpay/pay.php' }),
      String.raw`{"code":"PARAM_ERROR","detail":{"location":"body","value":" https://www.weixin.qq.com/wxpay/pay.php"},"message":"输入源“/body/notify_url”映射到值字段“通知地址”字符串规则校验失败，字符串必须匹配正则表达式“^https?://([^\\s/?#\\[\\]\\@]+\\@)?([^\\s/?#\\@:]+)(?::\\d{2,5})?([^\\s?#\\[\\]]*)$”"}`,
    ],
    [
      'an address that cannot be reached',
      prepay({ notify_url: 'http://localhost/paid' }),
      '{"code":"PARAM_ERROR","detail":{"location":"body","value":"http://localhost/paid"},"message":"输入源“/body/notify_url”映射到值字段“通知地址”字符串规则校验失败"}',
    ],
    [
      'a text that is too long',
      prepay({ attach: 'x'.repeat(203) }),
      '{"code":"PARAM_ERROR","detail":{"location":"body","value":203},"message":"输入源“/body/attach”映射到值字段“附加数据”字符串规则校验失败，字节数 203，大于最大值 128"}',
    ],
    [
      'an amount of nothing',
      prepay({ amount: { total: 0 } }),
      '{"code":"PARAM_ERROR","detail":{"location":"body","value":0},"message":"输入源“/body/amount/total”映射到数值字段“总金额”规则校验失败，值低于最小值 1"}',
    ],
    [
      'an amount that is no whole number',
      prepay({ amount: { total: 0.5 } }),
      '{"code":"PARAM_ERROR","detail":{"location":"body","value":0.5},"message":"无法将 JSON 输入源“/body/amount/total”映射到目标字段“总金额”中，此字段需要一个合法的 64 位有符号整数"}',
    ],
    [
      'a number for a text',
      prepay({ payer: { openid: 4 } }),
      '{"code":"PARAM_ERROR","detail":{"location":"body","value":4},"message":"无法将 JSON 输入源“/body/payer/openid”映射到目标字段“用户标识”中，此字段需要一个 string 类型的 Json 值"}',
    ],
    [
      'an order that does not exist',
      { path: QUERY_A1.replace('A1', 'NEVER') },
      '{"code":"ORDER_NOT_EXIST","message":"订单不存在"}',
    ],
    [
      'the close of a paid order',
      post(CLOSE_A1.replace('A1', 'PAID'), { mchid: '1900000001' }),
      '{"code":"ORDER_PAID","message":"该订单已支付"}',
    ],
  ])('say of %s what WeChat Pay says', async (_, claims, body) => {
    expect(await refusalOf(claims)).toEqual({ status: expect.any(Number), body });
  });

  it('say of a wrong signature what was signed, as WeChat Pay does', async () => {
    const { status, body } = await refusalOf({}, { path: `${QUERY_A1}&x=1` });

    expect(status).toBe(401);
    expect(body).toMatch(
      /^\{"code":"SIGN_ERROR","detail":\{"detail":\{"issue":"sign not match"\},"field":"signature","location":"authorization","sign_information":\{"method":"GET","sign_message_length":\d+,"truncated_sign_message":"GET\\n[^"]*","url":"[^"]*"\}\},"message":"错误的签名，验签失败"\}$/,
    );
  });
});
