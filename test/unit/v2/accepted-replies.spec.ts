import { describe, expect, it } from '@jest/globals';
import { AcceptedV2Replies } from '../../../lib/v2/accepted-replies.js';
import type { OrderRef } from '../../../lib/domain/order-ref.js';
import { liveBytes } from '../../support/assertions/heap.js';

const MCHID = '1900000001';
const T1: OrderRef = { outTradeNo: 'T1' };
const reply = (identifiedBy: string | undefined, order: OrderRef = T1) => ({ order, identifiedBy });

describe('AcceptedV2Replies', () => {
  it.each<[string, OrderRef]>([
    ['order', { outTradeNo: 'T2' }],
    ['sub-merchant', { outTradeNo: 'T1', subMchid: '1900000109' }],
    ['kind of number', { transactionId: 'T1' }],
  ])('accepts a reply for no other %s', (_, other) => {
    const replies = new AcceptedV2Replies();

    expect(replies.accept(MCHID, reply('wx1'))).toBe(true);
    expect(replies.accept(MCHID, reply('wx1', other))).toBe(false);
    expect(replies.accept(MCHID, reply('wx1'))).toBe(true);
    expect(replies.accept(MCHID, reply('wx2', other))).toBe(true);
  });

  it('accepts what another merchant says about its own orders', () => {
    const replies = new AcceptedV2Replies();
    replies.accept('1900000002', reply('wx1', { outTradeNo: 'T2' }));

    expect(replies.accept(MCHID, reply('wx1'))).toBe(true);
  });

  it.each([undefined, ''])('accepts a reply that nothing identifies (%j) for any order', (nothing) => {
    const replies = new AcceptedV2Replies();
    replies.accept(MCHID, reply(nothing));

    expect(replies.accept(MCHID, reply(nothing, { outTradeNo: 'T2' }))).toBe(true);
  });

  it('forgets only the oldest reply to make room when it is full', () => {
    const replies = new AcceptedV2Replies(2);
    const other = { outTradeNo: 'T2' };
    for (const each of ['a', 'b', 'b', 'c']) replies.accept(MCHID, reply(each));

    expect(replies.accept(MCHID, reply('b', other))).toBe(false);
    expect(replies.accept(MCHID, reply('c', other))).toBe(false);
    expect(replies.accept(MCHID, reply('a', other))).toBe(true);
  });

  it('remembers 100,000 replies in at most 20 MB', () => {
    const before = liveBytes();
    const replies = new AcceptedV2Replies();
    const orderOf = (index: number): OrderRef => ({
      outTradeNo: `${index}`.padStart(32, '0'),
      subMchid: '1900000109',
    });

    for (let index = 0; index < 100_000; index++) {
      replies.accept(MCHID, reply(`wx${index}`, orderOf(index)));
    }

    expect(liveBytes() - before).toBeLessThan(20_000_000);
    expect(replies.accept(MCHID, reply('wx0'))).toBe(false);
    replies.accept(MCHID, reply('one-more'));
    expect(replies.accept(MCHID, reply('wx0'))).toBe(true);
  }, 60_000);
});
