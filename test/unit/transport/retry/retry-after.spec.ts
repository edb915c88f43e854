import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from '../../../../lib/transport/retry/retry-after.js';

const NOW = Date.parse('2026-01-02T03:04:05Z');
const reply = (header?: string) => ({
  status: 429,
  headers: new Map(header === undefined ? [] : [['retry-after', header]]),
  body: Buffer.alloc(0),
});

describe('retryAfterMs', () => {
  it.each([
    ['seconds', '7', 7_000],
    ['no time', '0', 0],
    ['a date', 'Fri, 02 Jan 2026 03:04:15 GMT', 10_000],
    ['a date that has passed', 'Fri, 02 Jan 2026 03:04:00 GMT', 0],
    ['a word', 'soon', undefined],
    ['more seconds than anybody waits', '1'.repeat(10), undefined],
    ['nothing', '', undefined],
    ['no header', undefined, undefined],
  ])('reads %s', (_, header, expected) => {
    expect(retryAfterMs(reply(header), NOW)).toBe(expected);
  });
});
