import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { LeftOutFields } from '../../../lib/telemetry/left-out-fields.js';
import { decodeOrder } from '../../../lib/v2/decode-order.js';
import { UnexpectedField } from '../../../lib/v2/fields.js';
import { formatXml, parseXml } from '../../../lib/v2/xml.js';
import { readV2ReplySamples } from '../../support/fixtures/v2-samples.js';

const samples = readV2ReplySamples();
const PAID = {
  appid: 'wx2421b1c4370ec43b',
  mch_id: '10000100',
  out_trade_no: '1415757673',
  transaction_id: '1008450740201411110005820873',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  total_fee: '100',
  time_end: '20141111170043',
};
const UNPAID = {
  appid: 'wx2421b1c4370ec43b',
  mch_id: '10000100',
  out_trade_no: 'T1',
  trade_state: 'NOTPAY',
  trade_state_desc: '订单未支付',
};

/** Through the wire, as replies come. */
const parse = (fields: Readonly<Record<string, string>>) => parseXml(Buffer.from(formatXml(fields)));
const decode = (fields: Readonly<Record<string, string>>) => decodeOrder(parse(fields));

describe('decodeOrder', () => {
  it('reads the official sample, which has no trade_state_desc', () => {
    const order = decodeOrder(parseXml(Buffer.from(samples.orderQuery.xml)));

    expect({ ...order }).toEqual({
      appid: 'wx2421b1c4370ec43b',
      mchid: '10000100',
      outTradeNo: '1415757673',
      transactionId: '1008450740201411110005820873',
      tradeType: 'MICROPAY',
      tradeState: 'SUCCESS',
      tradeStateDesc: '',
      bankType: 'CCB_DEBIT',
      attach: '订单额外描述',
      successTime: new Date('2014-11-11T09:00:43Z'),
      payer: { openid: 'oUpF8uN95-Ptaags6E_roPHg7AG0' },
      amount: { total: 1, currency: 'CNY' },
      sceneInfo: { deviceId: '1000' },
    });
  });

  it("reads a sub-merchant's order", () => {
    const order = decode({
      ...PAID,
      sub_mch_id: '1900000109',
      sub_appid: 'wxd678efh567hg6999',
      openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
      sub_openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS7o',
    });

    expect(order).toMatchObject({
      mchid: '10000100',
      subMchid: '1900000109',
      appid: 'wx2421b1c4370ec43b',
      subAppid: 'wxd678efh567hg6999',
      payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', subOpenid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS7o' },
    });
  });

  it('reads what the customer paid, in its currency', () => {
    const order = decode({ ...PAID, fee_type: 'USD', cash_fee: '650', cash_fee_type: 'HKD' });

    expect(order.amount).toEqual({ total: 100, payerTotal: 650, currency: 'USD', payerCurrency: 'HKD' });
  });

  it('reads a missing currency as CNY, as documented', () => {
    expect(decode({ ...PAID, cash_fee: '90' }).amount).toEqual({
      total: 100,
      payerTotal: 90,
      currency: 'CNY',
      payerCurrency: 'CNY',
    });
    expect(decode(PAID).amount).toEqual({ total: 100, currency: 'CNY' });
  });

  it('reads an unpaid order without amount and payer', () => {
    expect(Object.keys(decode(UNPAID))).toEqual([
      'mchid',
      'appid',
      'outTradeNo',
      'tradeState',
      'tradeStateDesc',
    ]);
  });

  it('treats empty fields as absent', () => {
    const empty = Object.fromEntries(
      ['transaction_id', 'time_end', 'total_fee', 'cash_fee', 'openid', 'attach', 'device_info', 'sub_mch_id']
        .concat('sub_appid', 'coupon_id_0', 'coupon_fee_0', 'promotion_detail')
        .map((name) => [name, '']),
    );

    expect({ ...decode({ ...UNPAID, ...empty }) }).toEqual({ ...decode(UNPAID) });
  });

  it('keeps unknown states, types and fields', () => {
    const order = decode({ ...UNPAID, trade_state: 'FROZEN', trade_type: 'PALM', new_field: '01' });

    expect(order).toMatchObject({ tradeState: 'FROZEN', tradeType: 'PALM' });
    expect(order.raw).toMatchObject({ new_field: '01' });
  });

  it('keeps the raw fields without a prototype and out of logs', () => {
    const order = decode({ ...UNPAID, secret_of_the_future: 'hidden' });

    expect(Object.getPrototypeOf(order.raw)).toBeNull();
    expect(Object.keys(order)).not.toContain('raw');
    expect(JSON.stringify(order) + inspect(order)).not.toContain('hidden');
  });

  it.each([
    ['2014-11-11T09:00:43Z', '20141111170043'],
    ['2023-12-31T16:00:00Z', '20240101000000'],
    ['2024-02-29T15:59:59Z', '20240229235959'],
  ])('reads the time %s in the time zone of China', (utc, timeEnd) => {
    expect(decode({ ...PAID, time_end: timeEnd }).successTime).toEqual(new Date(utc));
  });

  it.each([
    ['$.mch_id', { mch_id: '' }, 'is missing.'],
    ['$.out_trade_no', { out_trade_no: '' }, 'is missing.'],
    ['$.trade_state', { trade_state: '' }, 'is missing.'],
    ['$.total_fee', { total_fee: '1.00' }, 'is a string of 4 characters, not a whole number in digits.'],
    ['$.total_fee', { total_fee: '1e2' }, 'is a string of 3 characters, not a whole number in digits.'],
    ['$.total_fee', { total_fee: '-100' }, 'is a string of 4 characters, not a whole number in digits.'],
    ['$.total_fee', { total_fee: ' 100' }, 'is a string of 4 characters, not a whole number in digits.'],
    ['$.total_fee', { total_fee: '0x64' }, 'is a string of 4 characters, not a whole number in digits.'],
    ['$.total_fee', { total_fee: '１００' }, 'is a string of 3 characters, not a whole number in digits.'],
    [
      '$.total_fee',
      { total_fee: '9007199254740993' },
      'is a string of 16 characters, not a whole number in digits.',
    ],
  ])('refuses a fault at %s: %j', (path, fault, problem) => {
    const attempt = () => decode({ ...PAID, ...fault });

    expect(attempt).toThrow(UnexpectedField);
    expect(attempt).toThrow(`${path} ${problem}`);
  });

  it.each([
    ['$.cash_fee', { cash_fee: 'NaN', cash_fee_type: 'HKD' }],
    ['$.time_end', { time_end: '2014-11-11' }],
    ['$.time_end', { time_end: '20140230120000' }],
    ['$.time_end', { time_end: '20141111240000' }],
    ['$.time_end', { time_end: '20141301000000' }],
    ['$.coupon_fee_0', { coupon_id_0: 'C' }],
    ['$.promotion_detail', { promotion_detail: '{' }],
    ['$.attach', { attach: 'a=1', b: '2' }],
  ])('leaves out an unreadable lenient field at %s, and keeps it in raw: %j', (path, fault) => {
    const leftOut = new LeftOutFields();
    const whole = decode({ ...PAID, fee_type: 'USD' });

    const order = decodeOrder(parse({ ...PAID, fee_type: 'USD', ...fault }), { leftOut });

    expect(leftOut.paths).toEqual([path]);
    expect(order).toMatchObject({ outTradeNo: whole.outTradeNo, tradeState: 'SUCCESS' });
    expect(order.amount).toMatchObject({ total: 100, currency: 'USD' });
    expect(order.amount).not.toHaveProperty('payerCurrency');
    expect(order.raw).toMatchObject(fault);
  });

  it('leaves out the unreadable amount of an unpaid order', () => {
    const leftOut = new LeftOutFields();

    expect(decodeOrder(parse({ ...UNPAID, total_fee: '1.00' }), { leftOut })).not.toHaveProperty('amount');
    expect(leftOut.paths).toEqual(['$.total_fee']);
  });

  it.each(['SUCCESS', 'REFUND'])('refuses the unreadable amount of an order in the state %s', (state) => {
    expect(() => decode({ ...PAID, trade_state: state, total_fee: '1.00' })).toThrow(UnexpectedField);
  });
});
