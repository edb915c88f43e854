import { describe, expect, it } from '@jest/globals';
import { isNotFound } from '../../../lib/errors/is-not-found.js';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';

const refused = (operation: string, code: string): WxPayApiError =>
  new WxPayApiError({
    call: { operation, subject: 'order T1', merchant: 'default' },
    code,
    httpStatus: 404,
    signed: true,
  });

describe('isNotFound', () => {
  it.each([
    ['an order', refused('order.query', 'ORDER_NOT_EXIST')],
    ['an order of APIv2', refused('order.query', 'ORDERNOTEXIST')],
    ['a refund', refused('refund.query', 'RESOURCE_NOT_EXISTS')],
    ['a refund of APIv2', refused('refund.query', 'REFUNDNOTEXIST')],
  ])('is true for %s that does not exist', (_, error) => {
    expect(isNotFound(error)).toBe(true);
  });

  it.each([
    ['another refusal', refused('order.query', 'ORDER_CLOSED')],
    ['no reply', new WxPayTransportError('No reply.')],
    ['an object with such a kind', { kind: 'order-not-found' }],
    ['nothing', undefined],
  ])('is false for %s', (_, result) => {
    expect(isNotFound(result)).toBe(false);
  });
});
