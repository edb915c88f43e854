import { describe, expect, it } from '@jest/globals';
import { WxPayProtocolError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox({}, { maxAttempts: 1 });

const refused = (body: unknown): Promise<WxPayProtocolError> => {
  sandbox.gateway.next({ reply: { status: 200, body } });
  return failureOf(WxPayProtocolError, sandbox.merchant.orderQuery.query({ outTradeNo: 'order-1' }));
};

describe('WxPayProtocolError of a verified reply', () => {
  it('has the reply in raw, in objects without a prototype', async () => {
    const body = { mchid: '1900000001', out_trade_no: 'order-2', trade_state: 'SUCCESS', new_field: [1] };

    const error = await refused(body);

    expect(JSON.stringify(error.raw)).toBe(JSON.stringify(body));
    expect(Object.getPrototypeOf(error.raw)).toBeNull();
  });

  it('has no raw if the reply is not JSON', async () => {
    const error = await refused('not JSON');

    expect(error.path).toBe('$');
    expect(error.raw).toBeUndefined();
  });
});
