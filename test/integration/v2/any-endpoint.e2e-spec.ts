import { describe, expect, it } from '@jest/globals';
import type { WxPayRequest } from '../../../lib/domain/request.js';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { V2RequestApi } from '../../../lib/v2/apis/v2-request-api.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useV2Sandbox } from '../../support/harness/v2-sandbox.js';
import { common, respondXml } from '../../support/servers/v2-server.js';

const sandbox = useV2Sandbox();
const PATH = '/pay/unifiedorder';
const request = (asked: unknown) => new V2RequestApi(sandbox.pipeline).request(asked as WxPayRequest);

describe('V2RequestApi', () => {
  it('sends the fields to the path, and returns the verified fields', async () => {
    sandbox.server.next((response, sign, { fields }) =>
      respondXml(response, sign({ ...common(fields), result_code: 'SUCCESS', prepay_id: 'wx2016' })),
    );

    const answer = await request({ path: PATH, fields: { out_trade_no: 'T1', total_fee: '100' } });

    expect(answer).toMatchObject({ result_code: 'SUCCESS', prepay_id: 'wx2016' });
    expect(sandbox.server.requests.at(-1)).toMatchObject({
      path: PATH,
      fields: { out_trade_no: 'T1', total_fee: '100' },
    });
  });

  it('sends the appid of the fields in place of that of the merchant', async () => {
    sandbox.server.next((response, sign, { fields }) =>
      respondXml(response, sign({ ...common(fields), result_code: 'SUCCESS' })),
    );

    await request({ path: PATH, fields: { appid: 'wxd678efh567hg6787' } });

    expect(sandbox.server.requests.at(-1)?.fields.appid).toBe('wxd678efh567hg6787');
  });

  it('sends the fields of the moment of the call', async () => {
    sandbox.server.next((response, sign, { fields }) =>
      respondXml(response, sign({ ...common(fields), result_code: 'SUCCESS' })),
    );
    const fields = { out_trade_no: 'T1', total_fee: '100' };

    const running = request({ path: PATH, fields });
    Object.assign(fields, { out_trade_no: 'T2', total_fee: '1' });
    await running;

    expect(sandbox.server.requests.at(-1)?.fields).toMatchObject({ out_trade_no: 'T1', total_fee: '100' });
  });

  it('names its path in errors', async () => {
    sandbox.server.next((response) => respondXml(response, { return_code: 'FAIL', return_msg: '签名错误' }));

    const error = await failureOf(WxPayApiError, request({ path: PATH, fields: {} }));

    expect(error.operation).toBe('request');
    expect(error.message).toContain('refused request of POST /pay/unifiedorder with SIGN_ERROR');
  });

  it.each([undefined, 5, '', 'pay/orderquery', '/pay/orderquery?x=1', '/pay/../x', [PATH]])(
    'refuses the path %j',
    async (path) => {
      const error = await failureOf(WxPayInputError, request({ path, fields: {} }));

      expect(error.message).toBe('path must be a path such as /pay/unifiedorder, without a query.');
    },
  );

  it.each([null, 'abc', 5])('refuses the fields %j', async (fields) => {
    const error = await failureOf(WxPayInputError, request({ path: PATH, fields }));

    expect(error.message).toBe('fields must be an object of strings.');
  });

  it.each([
    [{ attach: 'x', total_fee: 100 }, 'total_fee is number'],
    [{ total_fee: undefined }, 'total_fee is undefined'],
    [{ detail: null }, 'detail is null'],
  ])('names the field that is not a string: %j', async (fields, problem) => {
    const error = await failureOf(WxPayInputError, request({ path: PATH, fields }));

    expect(error.message).toBe(
      `fields must be an object of strings: ${problem}. Make it a string, or leave it out.`,
    );
  });

  it('explains that it uses APIv2 to a caller with a request of APIv3', async () => {
    const error = await failureOf(WxPayInputError, request({ method: 'POST', path: PATH, body: {} }));

    expect(error.message).toBe(
      'fields must be given: this merchant uses APIv2, which has no method and no body.',
    );
  });

  it('refuses a value that is not a request', async () => {
    await failureOf(WxPayInputError, request(undefined));
  });
});
