import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { TRADE_BILL } from '../../../../lib/domain/bills/trade-bill.js';
import { UnreadableLine } from '../../../../lib/domain/bills/unreadable-line.js';
import { billVector, readBill } from '../../../support/fixtures/bills.js';

const ALL = billVector('trade-all');
const [HEADER = '', PAYMENT = '', , SUMMARY_HEADER = ''] = ALL.split('\r\n');
const HEADERS = HEADER.split(',');

/** A bill of one payment with other cells. */
function billWith(
  cells: Readonly<Record<string, string>>,
  summary = '`1,`12.34,`0.00,`0.00,`0.07000,`12.34,`0.00',
) {
  const values = PAYMENT.slice(1).split(',`');
  const row = HEADERS.map((header, index) => `\`${cells[header] ?? values[index]}`).join(',');
  return [HEADER, row, SUMMARY_HEADER, summary].join('\r\n');
}

describe('a trade bill', () => {
  it('has payments and refunds, with amounts in fen and times of Beijing', () => {
    const { rows, summary, contradiction } = readBill(TRADE_BILL, ALL);

    expect(rows).toEqual([
      {
        tradeTime: new Date('2021-01-28T17:07:11+08:00'),
        appid: 'wx8888888888888888',
        mchid: '1900000001',
        transactionId: '4200000925202101280000000001',
        outTradeNo: 'S20210128170702357723',
        openid: 'oExample0000000000000000000',
        tradeType: 'NATIVE',
        tradeState: 'SUCCESS',
        bankType: 'OTHERS',
        currency: 'CNY',
        settlementTotal: 1234,
        couponAmount: 0,
        refundAmount: 0,
        couponRefundAmount: 0,
        description: '红茶, 500g',
        attach: 'note',
        fee: '0.07000',
        rate: '0.60%',
        total: 1234,
        requestedRefund: 0,
      },
      expect.objectContaining({
        tradeState: 'REFUND',
        refundId: '50000000000000000000000000001',
        outRefundNo: 'R1',
        refundAmount: 200,
        refundType: 'ORIGINAL',
        refundState: 'SUCCESS',
        fee: '-0.01000',
        total: 0,
        requestedRefund: 200,
      }),
    ]);
    expect(summary).toEqual({
      count: 2,
      settlementTotal: 1234,
      refundAmount: 200,
      couponRefundAmount: 0,
      fee: '0.06000',
      total: 1234,
      requestedRefund: 200,
    });
    expect(contradiction).toBeUndefined();
  });

  it('keeps the cells as written, out of sight of logs', () => {
    const [row] = readBill(TRADE_BILL, ALL).rows;

    expect(row?.raw).toMatchObject({ 应结订单金额: '12.34', 费率备注: '' });
    expect(JSON.stringify(row)).not.toContain('应结订单金额');
  });

  it.each([
    ['trade-success', { count: 1, total: 1234, requestedRefund: 0 }],
    ['trade-refund', { count: 1, total: 0, requestedRefund: 200 }],
    ['trade-2018', { count: 2, total: 1234, requestedRefund: 200 }],
    ['trade-sandbox', { count: 1, total: 10, requestedRefund: 0 }],
  ])('is read in the form of %s', (name, summary) => {
    const bill = readBill(TRADE_BILL, billVector(name));

    expect(bill.summary).toMatchObject(summary);
    expect(bill.contradiction).toBeUndefined();
    expect(bill.rows[0]?.outTradeNo).toBe('S20210128170702357723');
  });

  it('of type REFUND tells when the refund was asked for and succeeded', () => {
    const [row] = readBill(TRADE_BILL, billVector('trade-refund')).rows;

    expect(row).toMatchObject({
      refundRequestedAt: new Date('2021-01-28T17:59:58+08:00'),
      refundSucceededAt: new Date('2021-01-28T18:00:00+08:00'),
    });
  });

  it.each(['红茶`, 绿茶', '`红茶', '红茶,', ',', '"a", "b"', '红茶,,`'.slice(0, -1), ''])(
    'keeps commas and back-ticks of a product name: %j',
    (name) => {
      expect(readBill(TRADE_BILL, billWith({ 商品名称: name })).rows[0]?.description).toBe(name);
    },
  );

  it('has an empty cell for coupons where there were none', () => {
    const { rows } = readBill(TRADE_BILL, billWith({ 代金券金额: '' }));

    expect(rows[0]).toMatchObject({ couponAmount: 0 });
  });

  it.each([
    ['counts it', '`1,`12.34,`0.00,`0.00,`0.07000,`12.34,`0.00'],
    ['leaves it out', '`1,`0.00,`0.00,`0.00,`0.07000,`0.00,`0.00'],
  ])('agrees with a summary that %s, for a reversed payment', (_, summary) => {
    const { contradiction } = readBill(TRADE_BILL, billWith({ 交易状态: 'REVOKED' }, summary));

    expect(contradiction).toBeUndefined();
  });

  it('of type SUCCESS has no refunds that the refunds of its summary could contradict', () => {
    const lines = billWith({}, '`1,`12.34,`5.00,`0.00,`0.07000,`12.34,`5.00').split('\r\n');
    const isOfRefund = (header: string) => /退款|充值券/.test(header);
    const kept = HEADERS.map((header, index) => [header, index] as const).filter(
      ([header]) => !isOfRefund(header),
    );
    const cells = (lines[1] ?? '').slice(1).split(',`');
    const row = kept.map(([, index]) => `\`${cells[index]}`).join(',');
    const text = [kept.map(([header]) => header).join(','), row, lines[2], lines[3]].join('\r\n');

    expect(readBill(TRADE_BILL, text).contradiction).toBeUndefined();
    expect(readBill(TRADE_BILL, lines.join('\r\n')).contradiction).toBe('退款总金额');
  });

  it('is refused if a product name can be split from the attachment in more than one way', () => {
    const text = billWith({ 商品名称: '红茶,`绿茶' });

    expect(() => readBill(TRADE_BILL, text)).toThrow(
      new UnreadableLine('has 28 cells, not 27, and can be split in more than one way'),
    );
  });

  it('is read if only one way to split a text fits the columns', () => {
    // Behind the rate comes an amount, so that the separator can only belong to the remark.
    const text = billWith({ 费率备注: 'a,`b', 商品名称: '红茶' });
    const lacking = text
      .split('\r\n')
      .map((line, index) => (index < 2 ? withoutColumns(line, index === 0) : line))
      .join('\r\n');

    expect(readBill(TRADE_BILL, lacking).rows[0]?.rateRemark).toBe('a,`b');
  });

  it.each([
    ['an amount of three decimals', { 订单金额: '12.345' }],
    ['an amount with an exponent', { 订单金额: '1e3' }],
    ['an amount with a thousands separator', { 订单金额: '1,234.00' }],
    ['an empty amount', { 订单金额: '' }],
    ['a day that does not exist', { 交易时间: '2021-02-30 10:00:00' }],
    ['a time of another form', { 交易时间: '2021/01/28 10:00:00' }],
    ['an hour of 24', { 交易时间: '2021-01-28 24:00:00' }],
    ['no order number', { 商户订单号: '' }],
    ['a fee that is no number', { 手续费: 'none' }],
  ])('is refused with %s, without its content', (_, cells) => {
    const [header = ''] = Object.keys(cells);

    expect(() => readBill(TRADE_BILL, billWith(cells))).toThrow(`has a cell ${header} of`);
  });

  it.each([
    ['a row without back-ticks', [HEADER, PAYMENT.replaceAll('`', ''), SUMMARY_HEADER, '`1'], /back-tick/],
    ['a row of too few cells', [HEADER, '`2021-01-28 17:07:11,`wx'], /has 2 cells, not 27/],
    ['a line after the summary', [...ALL.split('\r\n').slice(0, 5), PAYMENT], /comes after the summary/],
    ['no summary', [HEADER, PAYMENT], /the summary is missing/],
    ['a summary header alone', [HEADER, PAYMENT, SUMMARY_HEADER], /the summary is missing/],
    ['no header', [SUMMARY_HEADER], /no header came before/],
    ['a header that lacks a column', [HEADER.replace('商户订单号', 'x')], /lacks the header 商户订单号/],
    ['a header that has a column twice', [`${HEADER},订单金额`], /the header 订单金额 twice/],
    ['nothing', [], /the summary is missing/],
  ])('is refused with %s', (_, lines, problem) => {
    expect(() => readBill(TRADE_BILL, lines.join('\r\n'))).toThrow(problem);
  });

  it.each([
    ['总交易单数', '`2,`12.34,`0.00,`0.00,`0.07000,`12.34,`0.00'],
    ['应结订单总金额', '`1,`12.35,`0.00,`0.00,`0.07000,`12.34,`0.00'],
    ['退款总金额', '`1,`12.34,`0.01,`0.00,`0.07000,`12.34,`0.00'],
    ['充值券退款总金额', '`1,`12.34,`0.00,`0.01,`0.07000,`12.34,`0.00'],
    ['订单总金额', '`1,`12.34,`0.00,`0.00,`0.07000,`12.33,`0.00'],
    ['申请退款总金额', '`1,`12.34,`0.00,`0.00,`0.07000,`12.34,`0.01'],
  ])('contradicts its summary in %s', (header, summary) => {
    expect(readBill(TRADE_BILL, billWith({}, summary)).contradiction).toBe(header);
  });

  it('has columns in any order, and columns that are not known', () => {
    const order = [...HEADERS.keys()].toReversed();
    const values = PAYMENT.slice(1).split(',`');
    const text = [
      ['新的一列', ...order.map((index) => HEADERS[index])].join(','),
      `\`x,${order.map((index) => `\`${values[index]}`).join(',')}`,
      SUMMARY_HEADER,
      '`1,`12.34,`0.00,`0.00,`0.07000,`12.34,`0.00',
    ].join('\r\n');

    const [row] = readBill(TRADE_BILL, text).rows;

    expect(row).toMatchObject({ outTradeNo: 'S20210128170702357723', total: 1234, rate: '0.60%' });
    expect(row?.raw.新的一列).toBe('x');
  });

  it('is read back cell by cell, whatever its texts and amounts are', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[\r\n]|,`|,$/.test(text));
    const amount = fc.integer({ min: 0, max: 99_999_999_999 });
    fc.assert(
      fc.property(cell, cell, amount, fc.integer({ min: 0, max: 99_999 }), (name, attach, total, fee) => {
        const yuan = `${Math.floor(total / 100)}.${String(total % 100).padStart(2, '0')}`;
        const fees = `0.${String(fee).padStart(5, '0')}`;
        const cells = {
          商品名称: name,
          商户数据包: attach,
          订单金额: yuan,
          应结订单金额: yuan,
          手续费: fees,
        };
        const { rows, contradiction } = readBill(
          TRADE_BILL,
          billWith(cells, `\`1,\`${yuan},\`0.00,\`0.00,\`${fees},\`${yuan},\`0.00`),
        );

        expect(rows[0]).toMatchObject({
          description: name,
          attach,
          total,
          settlementTotal: total,
          fee: fees,
        });
        expect(rows[0]?.raw).toMatchObject(cells);
        expect(contradiction).toBeUndefined();
      }),
    );
  });
});

/** Leaves out the texts of the merchant but the remark. */
function withoutColumns(line: string, isHeader: boolean): string {
  const cells = isHeader ? line.split(',') : line.split(/,(?=`)/);
  return cells.filter((_, index) => index !== 20 && index !== 21).join(',');
}
