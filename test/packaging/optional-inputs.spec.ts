import { describe, expect, it } from '@jest/globals';
import { membersWithoutUndefined } from '../support/assertions/optional-inputs.js';
import { entrySources } from '../support/assertions/package-manifest.js';
import { readPublicDeclarations } from '../support/assertions/public-declarations.js';

const ENTRIES = entrySources();
const { checker, exportsOf } = readPublicDeclarations(ENTRIES);
/** Types that the package returns; an app passes them on as they are. */
const RESULTS = [
  'Order',
  'OrderSceneInfo',
  'OrderPromotion',
  'CombineOrder',
  'Refund',
  'Bill',
  'Settlement',
  'SettledOrder',
  'OrderSettledEvent',
  'WxPayError',
  'WxPayErrorDetail',
  'MockOrder',
  'MockCombineOrder',
];

describe.each(ENTRIES)('the inputs of the entry %s', (entry) => {
  it('accept undefined for each optional member', () => {
    const members = exportsOf(entry).flatMap((symbol) => membersWithoutUndefined(checker, symbol, RESULTS));

    expect([...new Set(members)]).toEqual([]);
  });
});
