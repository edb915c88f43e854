import { describe, expect, it } from '@jest/globals';
import { AcceptedReplies } from '../../../lib/v3/accepted-replies.js';
import { liveBytes } from '../../support/assertions/heap.js';

const NOW = 1_700_000_000_000;
const replyOf = (nonce: string, offsetMs = 0, body = '') => ({
  headers: new Map([
    ['wechatpay-timestamp', String((NOW + offsetMs) / 1000)],
    ['wechatpay-nonce', nonce],
  ]),
  body: Buffer.from(body),
});

describe('AcceptedReplies', () => {
  it.each([-300_000, 0, 300_000])(
    'accepts a reply dated %d ms from now once, as long as it is fresh',
    (offsetMs) => {
      const replies = new AcceptedReplies();
      const lastFresh = NOW + offsetMs + 300_000;

      expect(replies.accept(replyOf('a', offsetMs), NOW)).toBe(true);
      expect(replies.accept(replyOf('a', offsetMs), NOW)).toBe(false);
      expect(replies.accept(replyOf('a', offsetMs), lastFresh)).toBe(false);
    },
  );

  it.each([
    ['nonce', replyOf('b')],
    ['timestamp', replyOf('a', 1_000)],
    ['body', replyOf('a', 0, '{}')],
  ])('accepts a reply with another %s', (_, other) => {
    const replies = new AcceptedReplies();
    replies.accept(replyOf('a'), NOW);

    expect(replies.accept(other, NOW)).toBe(true);
  });

  it('forgets only the oldest reply to make room when it is full', () => {
    const replies = new AcceptedReplies(2);
    for (const nonce of ['a', 'b', 'c']) replies.accept(replyOf(nonce), NOW);

    expect(replies.accept(replyOf('b'), NOW)).toBe(false);
    expect(replies.accept(replyOf('c'), NOW)).toBe(false);
    expect(replies.accept(replyOf('a'), NOW)).toBe(true);
  });

  it('remembers 100,000 replies in at most 20 MB', () => {
    const before = liveBytes();
    const replies = new AcceptedReplies();

    for (let index = 0; index < 100_000; index++) replies.accept(replyOf(`nonce-${index}`), NOW);

    expect(liveBytes() - before).toBeLessThan(20_000_000);
    expect(replies.accept(replyOf('nonce-0'), NOW)).toBe(false);
    replies.accept(replyOf('one-more'), NOW);
    expect(replies.accept(replyOf('nonce-0'), NOW)).toBe(true);
  }, 60_000);

  it('forgets replies that are no longer fresh', () => {
    const replies = new AcceptedReplies();
    replies.accept(replyOf('a'), NOW);

    replies.accept(replyOf('b', 301_000), NOW + 300_001);

    expect(replies.accept(replyOf('a'), NOW)).toBe(true);
  });
});
