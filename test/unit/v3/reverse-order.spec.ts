import { describe, expect, it } from '@jest/globals';
import { reverseOrder } from '../../../lib/v3/operations/reverse-order.js';

const MCHID = '1900000001';
const own = { appid: 'wx8888888888888888', ref: { outTradeNo: 'T1' } };
const partner = { appid: 'wx8888888888888888', ref: { outTradeNo: 'T1', subMchid: '1900000109' } };

describe('reverseOrder', () => {
  it('accepts a reply that names the requested merchants and order', () => {
    const partnerReply = { sp_mchid: MCHID, sub_mchid: '1900000109', out_trade_no: 'T1' };

    expect(() =>
      reverseOrder.decode({ mchid: MCHID, out_trade_no: 'T1' }, own, { mchid: MCHID }),
    ).not.toThrow();
    expect(() => reverseOrder.decode(partnerReply, partner, { mchid: MCHID })).not.toThrow();
  });

  it.each([[[]], [{}]])('reads %j for a merchant as none', (none) => {
    const reply = { mchid: MCHID, sp_mchid: none, sub_mchid: none, out_trade_no: 'T1' };

    expect(() => reverseOrder.decode(reply, own, { mchid: MCHID })).not.toThrow();
  });

  it.each([
    ['$.mchid', { mchid: '1900000002', out_trade_no: 'T1' }, own],
    ['$.out_trade_no', { mchid: MCHID, out_trade_no: 'T2' }, own],
    ['$.sp_mchid', { sp_mchid: '1900000002', sub_mchid: '1900000109', out_trade_no: 'T1' }, partner],
    ['$.sub_mchid', { sp_mchid: MCHID, sub_mchid: '1900000999', out_trade_no: 'T1' }, partner],
    ['$.sub_mchid', { sp_mchid: MCHID, out_trade_no: 'T1' }, partner],
    ['$.out_trade_no', { mchid: MCHID }, own],
  ])('refuses a reply in which %s is another', (path, json, input) => {
    expect(() => reverseOrder.decode(json, input, { mchid: MCHID })).toThrow(
      expect.objectContaining({ path }),
    );
  });

  it('refuses a reply with a state, which is the reply to a query', () => {
    const queried = { mchid: MCHID, out_trade_no: 'T1', trade_state: 'REFUND' };

    expect(() => reverseOrder.decode(queried, own, { mchid: MCHID })).toThrow(
      '$.trade_state belongs to the reply to a query, not to a reversal.',
    );
  });

  it('requests by the order of the merchant, or of its sub-merchant', () => {
    const subAppid = 'wxd678efh567hg6999';
    const ofApp = { ...partner, ref: { ...partner.ref, subAppid } };

    expect(JSON.parse(reverseOrder.request(own, MCHID).body)).toEqual({ appid: own.appid, mchid: MCHID });
    expect(JSON.parse(reverseOrder.request(ofApp, MCHID).body)).toEqual({
      sp_appid: own.appid,
      sp_mchid: MCHID,
      sub_mchid: '1900000109',
      sub_appid: subAppid,
    });
  });

  it('has the effect "once", so that the transport does not send it twice', () => {
    expect(reverseOrder.effect).toBe('once');
  });
});
