import { describe, expect, it } from '@jest/globals';
import { UnexpectedField } from '../../../lib/v2/fields.js';
import { closeOrder } from '../../../lib/v2/operations/close-order.js';
import { reverseOrder } from '../../../lib/v2/operations/reverse-order.js';

const ref = { outTradeNo: 'T1' };

describe('the answer to a reversal', () => {
  it.each([
    ['Y', true],
    ['N', false],
  ])('says with recall %s whether to ask again', (recall, expected) => {
    expect(reverseOrder.decode({ recall }, ref)).toEqual({ recall: expected });
  });

  it.each([
    ['no recall', {}],
    ['a recall that is neither Y nor N', { recall: 'n' }],
    ['a trade state, as the answer to a query has', { recall: 'N', trade_state: 'NOTPAY' }],
    ['the number of another order', { recall: 'N', out_trade_no: 'T2' }],
  ])('is refused with %s', (_, fields) => {
    expect(() => reverseOrder.decode(fields, ref)).toThrow(UnexpectedField);
  });

  it('is refused with another number of WeChat', () => {
    const fields = { recall: 'N', transaction_id: '43' };

    expect(() => reverseOrder.decode(fields, { transactionId: '42' })).toThrow(UnexpectedField);
  });

  it('is not repeated by the transport: a query decides', () => {
    expect(reverseOrder.repeatable).toBe(false);
  });
});

describe('the answer to a close', () => {
  it('need not name the order', () => {
    expect(() => closeOrder.decode({ result_code: 'SUCCESS' }, ref)).not.toThrow();
  });

  it.each([
    ['trade_state', 'NOTPAY'],
    ['out_trade_no', 'T2'],
  ])('is refused with a %s of %s', (name, value) => {
    expect(() => closeOrder.decode({ [name]: value }, ref)).toThrow(UnexpectedField);
  });
});
