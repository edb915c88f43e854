import { describe, expect, it } from '@jest/globals';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { V2ReverseApi } from '../../../lib/v2/apis/v2-reverse-api.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useV2Sandbox } from '../../support/harness/v2-sandbox.js';
import { common, respondXml, type V2ServerFields } from '../../support/servers/v2-server.js';

const sandbox = useV2Sandbox();
const gateway = () => new V2ReverseApi(sandbox.pipeline, sandbox.orders.terms);

function answerSigned(fields: V2ServerFields): void {
  sandbox.server.next((response, sign, { fields: asked }) =>
    respondXml(response, sign({ ...common(asked), ...fields })),
  );
}

describe('V2ReverseApi', () => {
  it('queries an order as V2OrderApi does', async () => {
    sandbox.server.orders.set('looked-at', { trade_state: 'USERPAYING' });

    const order = await gateway().query({ outTradeNo: 'looked-at' });

    expect(order.tradeState).toBe('USERPAYING');
  });

  it.each([
    ['Y', true],
    ['N', false],
  ])('reverses, and reads from recall %s whether to reverse again', async (recall, expected) => {
    answerSigned({ result_code: 'SUCCESS', recall });

    const answer = await gateway().reverse({ outTradeNo: 'T1' });

    expect(answer).toEqual({ recall: expected, namesOrder: false });
    expect(sandbox.server.requests.at(-1)).toMatchObject({
      path: '/secapi/pay/reverse',
      fields: { out_trade_no: 'T1' },
    });
  });

  it.each([
    ['Y', { retryable: true, asksAgain: true }],
    ['N', { retryable: false, asksAgain: undefined }],
  ])('rejects with a refusal that has asksAgain if its recall is Y: %s', async (recall, expected) => {
    answerSigned({ result_code: 'FAIL', err_code: 'TRADE_ERROR', recall });

    const error = await failureOf(WxPayApiError, gateway().reverse({ outTradeNo: 'T1' }));

    expect(error).toMatchObject({ operation: 'order.reverse', signed: true });
    expect({ retryable: error.retryable, asksAgain: error.asksAgain }).toEqual(expected);
  });

  it('has the timeout of its merchant', () => {
    expect(gateway().terms).toBe(sandbox.orders.terms);
  });
});
