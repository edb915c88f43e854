import { describe, expect, it } from '@jest/globals';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { toHttpException } from '../../../lib/filters/to-http-exception.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useV2Sandbox } from '../../support/harness/v2-sandbox.js';
import { common, respondXml } from '../../support/servers/v2-server.js';

const sandbox = useV2Sandbox();
const refused = () => failureOf(WxPayApiError, sandbox.orders.query({ outTradeNo: 'T1' }));

const tooLong = (field: string) =>
  `输入源“/body/xml/${field}”映射到值字段“名称”字符串规则校验失败，字节数 129，大于最大值 128`;

describe('V2Pipeline, receiving the refusal of a parameter', () => {
  it.each([
    [tooLong('body'), 'body', 500],
    [tooLong('out_trade_no'), 'out_trade_no', 400],
    [tooLong('auth_code'), 'auth_code', 400],
    [tooLong('bill_date'), 'bill_date', 400],
    [tooLong('sign_type'), 'sign_type', 500],
    [tooLong('sub_mch_id'), 'sub_mch_id', 400],
    [tooLong('mch_id'), 'mch_id', 500],
    [tooLong('appid'), 'appid', 500],
    [
      '无法将输入源“/body/xml/total_fee”映射到数值字段“总金额”中，此字段需要一个合法的 64 位有符号整数',
      'total_fee',
      500,
    ],
    ['time_expire时间过短，刷卡至少1分钟，其他5分钟', 'time_expire', 500],
  ])('reads "%s", unsigned, as PARAM_ERROR of %s', async (return_msg, field, status) => {
    sandbox.server.next((response) => respondXml(response, { return_code: 'FAIL', return_msg }));

    const error = await refused();

    expect(error).toMatchObject({
      code: 'PARAM_ERROR',
      kind: 'request',
      signed: false,
      retryable: false,
      detail: { field },
    });
    expect(toHttpException(error).getStatus()).toBe(status);
  });

  it.each(['PARAM_ERROR', 'INVALID_REQUEST'])('reads the field of a signed %s', async (err_code) => {
    sandbox.server.next((response, sign) =>
      respondXml(
        response,
        sign({ ...common({}), result_code: 'FAIL', err_code, err_code_des: tooLong('out_trade_no') }),
      ),
    );

    const error = await refused();

    expect(error).toMatchObject({ code: err_code, signed: true, detail: { field: 'out_trade_no' } });
    expect(toHttpException(error).getStatus()).toBe(400);
  });

  it('has no detail if a signed refusal names no field', async () => {
    sandbox.server.next((response, sign) =>
      respondXml(
        response,
        sign({ ...common({}), result_code: 'FAIL', err_code: 'PARAM_ERROR', err_code_des: '参数错误' }),
      ),
    );

    expect((await refused()).detail).toBeUndefined();
  });
});
