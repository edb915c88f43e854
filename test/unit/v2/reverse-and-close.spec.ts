import { describe, expect, it } from '@jest/globals';
import { UnexpectedField } from '../../../lib/v2/fields.js';
import { closeOrder } from '../../../lib/v2/operations/close-order.js';
import { reverseOrder } from '../../../lib/v2/operations/reverse-order.js';

const ref = { outTradeNo: 'T1' };

describe('reverseOrder', () => {
  it.each([
    ['Y', true],
    ['N', false],
  ])('reads from recall %s whether to reverse again', (recall, expected) => {
    expect(reverseOrder.decode({ recall }, ref)).toEqual({ recall: expected, namesOrder: false });
  });

  it.each([
    ['no recall', {}, '$.recall is neither Y nor N.'],
    ['a recall that is neither Y nor N', { recall: 'n' }, '$.recall is neither Y nor N.'],
    [
      'a trade state, as the reply to a query has',
      { recall: 'N', trade_state: 'NOTPAY' },
      '$.trade_state belongs to the reply to another request.',
    ],
    [
      'the number of another order',
      { recall: 'N', out_trade_no: 'T2' },
      '$.out_trade_no is not the requested one: the reply belongs to another request.',
    ],
  ])('refuses a reply with %s', (_, fields, message) => {
    const decode = () => reverseOrder.decode(fields, ref);

    expect(decode).toThrow(UnexpectedField);
    expect(decode).toThrow(message);
  });

  it('refuses a reply with another number of WeChat Pay', () => {
    const decode = () => reverseOrder.decode({ recall: 'N', transaction_id: '43' }, { transactionId: '42' });

    expect(decode).toThrow(UnexpectedField);
    expect(decode).toThrow('$.transaction_id is not the requested one');
  });

  it.each([
    [{ outTradeNo: 'T1' }, { transaction_id: '42' }],
    [{ transactionId: '42' }, { out_trade_no: 'T1' }],
  ])('accepts, for a reference %j, a reply with the other number: %j', (asked, named) => {
    expect(reverseOrder.decode({ recall: 'N', ...named }, asked)).toEqual({
      recall: false,
      namesOrder: false,
    });
  });

  it('is not retried by the transport: a query decides', () => {
    expect(reverseOrder.effect).toBe('once');
  });
});

describe('closeOrder', () => {
  it('accepts a reply that does not name the order', () => {
    expect(() => closeOrder.decode({ result_code: 'SUCCESS' }, ref)).not.toThrow();
  });

  it.each([
    ['trade_state', 'NOTPAY'],
    ['out_trade_no', 'T2'],
  ])('refuses a reply with a %s of %s', (name, value) => {
    expect(() => closeOrder.decode({ [name]: value }, ref)).toThrow(UnexpectedField);
  });
});
