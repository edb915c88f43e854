import { describe, expect, it } from '@jest/globals';
import { FUND_FLOW_BILL } from '../../../../lib/domain/bills/fund-flow-bill.js';
import { billVector, readBill } from '../../../support/fixtures/bills.js';

const TEXT = billVector('fund-flow');

describe('a fund flow bill', () => {
  it('has every change of the balance, and reads a separator in a remark', () => {
    const { rows, summary, contradiction } = readBill(FUND_FLOW_BILL, TEXT);

    expect(rows).toEqual([
      expect.objectContaining({ direction: 'in', amount: 23, balance: 23, voucher: 'S1' }),
      {
        time: new Date('2021-02-01T13:54:01+08:00'),
        transactionId: '50300000000000000000000000001',
        flowId: '4200000920202102010000000003',
        businessName: '退款',
        businessType: '退款',
        direction: 'out',
        amount: 1,
        balance: 22,
        applicant: '1900000001API',
        remark: '退款总金额0.01元,`含手续费0.00元',
        voucher: 'R1',
      },
    ]);
    expect(summary).toEqual({ count: 2, inCount: 1, inAmount: 23, outCount: 1, outAmount: 1 });
    expect(contradiction).toBeUndefined();
  });

  it.each([
    ['资金流水总笔数', '`3,`1,`0.23,`1,`0.01'],
    ['收入笔数', '`2,`2,`0.23,`1,`0.01'],
    ['收入金额', '`2,`1,`0.24,`1,`0.01'],
    ['支出笔数', '`2,`1,`0.23,`2,`0.01'],
    ['支出金额', '`2,`1,`0.23,`1,`0.02'],
  ])('contradicts its summary in %s', (header, summary) => {
    const text = TEXT.replace('`2,`1,`0.23,`1,`0.01', summary);

    expect(readBill(FUND_FLOW_BILL, text).contradiction).toBe(header);
  });

  it('is refused with an unknown direction', () => {
    expect(() => readBill(FUND_FLOW_BILL, TEXT.replace('`收入,', '`冻结,'))).toThrow(
      'has a cell 收支类型 of 2',
    );
  });
});
