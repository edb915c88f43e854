import { describe, expect, it } from '@jest/globals';
import { queryOrder } from '../../../lib/v3/operations/query-order.js';

const MCHID = '1900000001';
const REST = { out_trade_no: 'T1', transaction_id: '42', trade_state: 'SUCCESS', trade_state_desc: '' };
const OWN = { mchid: MCHID, ...REST };
const PARTNER = { sp_mchid: MCHID, sub_mchid: '1900000109', ...REST };
const subMerchant = { subMchid: '1900000109' };

describe('queryOrder.decode', () => {
  it.each([
    [OWN, { outTradeNo: 'T1' }],
    [OWN, { transactionId: '42' }],
    [PARTNER, { outTradeNo: 'T1', ...subMerchant }],
  ])('accepts %j for %j', (json, ref) => {
    expect(queryOrder.decode(json, ref, { mchid: MCHID })).toMatchObject({ mchid: MCHID, outTradeNo: 'T1' });
  });

  it.each([
    ['$.mchid', { ...OWN, mchid: '1900000002' }, { outTradeNo: 'T1' }],
    ['$.out_trade_no', { ...OWN, out_trade_no: 'T2' }, { outTradeNo: 'T1' }],
    ['$.transaction_id', { ...OWN, transaction_id: '43' }, { transactionId: '42' }],
    ['$.sp_mchid', { ...PARTNER, sp_mchid: '1900000002' }, { outTradeNo: 'T1', ...subMerchant }],
    ['$.sub_mchid', { ...PARTNER, sub_mchid: '1900000110' }, { outTradeNo: 'T1', ...subMerchant }],
  ])('refuses a reply in which %s is another', (path, json, ref) => {
    const decode = () => queryOrder.decode(json, ref, { mchid: MCHID });

    expect(decode).toThrow(`${path} is not the requested one: the reply belongs to another request.`);
  });

  it.each([
    ['$.mchid', { outTradeNo: 'T1' }],
    ['$.sp_mchid', { outTradeNo: 'T1', ...subMerchant }],
  ])('refuses a reply without %s', (path, ref) => {
    expect(() => queryOrder.decode(REST, ref, { mchid: MCHID })).toThrow(expect.objectContaining({ path }));
  });
});
