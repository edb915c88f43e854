import { describe, expect, it } from '@jest/globals';
import { removeOpenids } from '../../../lib/errors/openids.js';

const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
/** Openids that look less random: one in capitals, and two with a date, of which one has the fewest changes. */
const CAPITAL_OPENID = 'oQWERTYUIOPASDFGHJKLZXCVBNM7';
const DATED_OPENID = 'oUpF8uMu20260101pxb1Q9zNjWeS';
const PLAIN_OPENID = 'oUPFabc20260101XYZdefGHIJKLM';

describe('removeOpenids', () => {
  it.each([
    ['an openid', openid, '[openid]'],
    ['an openid in capitals', CAPITAL_OPENID, '[openid]'],
    ['an openid with eight digits in a row', DATED_OPENID, '[openid]'],
    ['an openid with eight digits in a row and few changes', PLAIN_OPENID, '[openid]'],
    ['an openid with few changes behind an underscore', `user_${PLAIN_OPENID}`, 'user_[openid]'],
    [
      'an openid in capitals behind a line end in JSON',
      String.raw`\n${CAPITAL_OPENID}`,
      String.raw`\n[openid]`,
    ],
    [
      'an openid in capitals behind a character by number',
      String.raw`\u003a${CAPITAL_OPENID}`,
      String.raw`\u003a[openid]`,
    ],
    ['an openid in capitals in a query string', `openid%3D${CAPITAL_OPENID}`, 'openid%3D[openid]'],
    ['an openid that begins with two "o"', `o${openid}`, '[openid]'],
    ['an openid behind capitals', `WX${openid}`, 'WX[openid]'],
    ['an openid before a short suffix', `${openid}_v2`, '[openid]_v2'],
    ['an openid behind a line end in JSON', String.raw`\n${openid}`, String.raw`\n[openid]`],
    ['an openid behind a character by number', String.raw`\u003a${openid}`, String.raw`\u003a[openid]`],
    ['an openid of 29 characters', `${openid}Z`, '[openid]'],
    ['an openid behind an underscore', `user_${openid}`, 'user_[openid]'],
    ['an openid behind a hyphen', `shop-${openid}`, 'shop-[openid]'],
    ['an openid behind a letter', `x${openid}`, 'x[openid]'],
    ['an openid behind a short word with a capital', `Id${openid}`, 'Id[openid]'],
    ['an openid behind another such word', `User${openid}`, 'User[openid]'],
    ['an openid behind such a word of three letters', `Uid${openid}`, 'Uid[openid]'],
    ['an openid behind a name', `openId${openid}Z`, 'openId[openid]'],
    ['an openid behind a merchant number', `1900000109${openid}`, '1900000109[openid]'],
    ['an openid before a suffix', `${openid}_avatar`, '[openid]_avatar'],
    ['an openid in a query string', `openid%3D${openid}`, 'openid%3D[openid]'],
  ])('replaces %s', (_, text, placeholder) => {
    expect(removeOpenids(`it is ${text}`)).toBe(`it is ${placeholder}`);
  });

  it('replaces an openid behind an escaped character at the beginning', () => {
    expect(removeOpenids(String.raw`\n${CAPITAL_OPENID}`)).toBe(String.raw`\n[openid]`);
  });

  it.each([
    ['an order number of 32 characters', 'T-2026_0101|0123456789*ABCDEF@xyz'.slice(0, 32)],
    ['an order number in the shape of an openid, but in one case', 'order-20260101-000000000-abc'],
    ['an order number of words and dates in mixed case', 'order-20260101-000000000-Abc'],
    ['a random order number with an "o"', 'JnohyARPysoNc-kVtUiJLY1gjend00'],
    ['a random order number of 32 characters with an "o"', 'Jn4xohyARPysoNc-kVtUiJLY1gjend00'],
    ['a random order number with an "o" behind a capital', '7AohyARPysoNc-kVtUiJLY1gjend00'],
    ['a random order number with an "o" in a query string', 'order%3AJnohyARPysoNc-kVtUiJLY1gjend00'],
    ['a random order number with an "o" behind a capital and digits', 'A7ohyARPysoNc-kVtUiJLY1gjend00'],
    ['an order number of a word, a date and a table', 'order-20260101-Table-12-east'],
    ['a part of that form', 'shop_order-20260101-Table-12-east'],
    ['a part of words and dates in mixed case', 'shop_order-20260101-000000000-Abc'],
    ['a part with a word in capitals', 'shop_order-20260101-0001-INVOICES'],
    ['a part of small letters and digits', 'shop-o1b4c5d6e7f8a9b0c1d2e3f4a5b6'],
    ['words of the length of an openid', 'out-of-memory-of-the-process'],
    ['words of that length before a suffix', 'orderOfTheMerchantAndStoreNo_1'],
    ['an order number with a ULID', 'demo-01ARZ3NDEKTSV4RRFFQ69G5FAV'],
    ['a long identifier', 'hook_onModuleDestroyAndReplaceAll'],
  ])('leaves %s readable', (_, text) => {
    expect(removeOpenids(text)).toBe(text);
  });
});
