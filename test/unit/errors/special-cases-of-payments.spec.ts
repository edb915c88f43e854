import { describe, expect, it } from '@jest/globals';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';

const refusal = (code: string, operation: string, subject: string, text?: string): WxPayApiError =>
  new WxPayApiError({
    call: { operation, subject, merchant: 'default' },
    code,
    httpStatus: 400,
    signed: false,
    text,
  });

describe('WxPayApiError with INVALID_REQUEST', () => {
  it.each(['商户订单号重复', '请求重入时，参数与首次请求时不一致'])(
    'of an order that is placed, with "%s", has kind order-state',
    (text) => {
      const error = refusal('INVALID_REQUEST', 'order.prepay', 'order T1', text);

      expect(error).toMatchObject({ kind: 'order-state', retryable: false });
      expect(error.message).toContain('or use a new outTradeNo');
    },
  );

  it('of a code payment whose number was used before has kind order-state', () => {
    const error = refusal('INVALID_REQUEST', 'order.codePay', 'order T1', '商户订单号重复');

    expect(error).toMatchObject({ kind: 'order-state', retryable: false });
    expect(error.message).toContain('The state of the order with this number decides');
  });

  it('of an order that is placed, about anything else, has kind request', () => {
    expect(refusal('INVALID_REQUEST', 'order.prepay', 'order T1', '请求不合法').kind).toBe('request');
  });

  it.each(['商户订单号重复', '参数长度超过限制'])('of another call has kind request: "%s"', (text) => {
    expect(refusal('INVALID_REQUEST', 'order.query', 'order T1', text).kind).toBe('request');
  });
});

describe('WxPayApiError with NOT_ENOUGH', () => {
  it.each([
    ['order.codePay', 'order T1'],
    ['request', 'POST /v3/pay/transactions/codepay'],
    ['request', 'POST /pay/micropay'],
  ])('of a code payment is about the money of the customer: %s of %s', (operation, subject) => {
    const error = refusal('NOT_ENOUGH', operation, subject);

    expect(error).toMatchObject({ kind: 'order-state', retryable: false });
    expect(error.message).toContain('choose another way to pay');
  });

  it.each([
    ['refund.create', 'refund R1'],
    ['request', 'POST /v3/codepay/transfers'],
  ])('of another call is about the money of the merchant: %s of %s', (operation, subject) => {
    expect(refusal('NOT_ENOUGH', operation, subject).kind).toBe('account');
  });

  it.each(['order.query', 'order.close', 'combine.query', 'combine.close', 'refund.query'])(
    'of %s is about no money, as none moves',
    (operation) => {
      const error = refusal('NOT_ENOUGH', operation, 'order T1');

      expect(error).toMatchObject({ kind: 'permission', retryable: false });
      expect(error.message).toContain('Ask WeChat Pay why it refuses this merchant number');
    },
  );
});
