import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { entrySources } from '../support/assertions/package-manifest.js';
import { readPublicDeclarations } from '../support/assertions/public-declarations.js';

const MAIN = 'index.ts';
const ENTRIES = entrySources();
const { checker, exportsOf, typesNamedBy } = readPublicDeclarations(ENTRIES);

/** What an IDE shows beside a type, or beside a member of it. */
function hoverOf(typeName: string, member?: string): string {
  const type = exportsOf(MAIN).find(({ name }) => name === typeName);
  const shown =
    member === undefined ? type : type && checker.getDeclaredTypeOfSymbol(type).getProperty(member);
  return ts.displayPartsToString(shown?.getDocumentationComment(checker));
}

const statesIn = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line.startsWith('- '));

describe.each(ENTRIES)('the entry %s', (entry) => {
  it('exports every type that its public signatures need', () => {
    const known = new Set([...exportsOf(MAIN), ...exportsOf(entry)]);

    const missing = exportsOf(entry).flatMap((symbol) =>
      typesNamedBy(symbol)
        .filter((type) => !known.has(type))
        .map(({ name }) => `${name}, needed by ${symbol.name}`),
    );

    expect([...new Set(missing)]).toEqual([]);
  });
});

describe.each(['Order', 'CombineSubOrder'])('the text of %s.tradeState on hover', (typeName) => {
  it.each(['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'ACCEPT', 'USERPAYING', 'PAYERROR', 'REVOKED'])(
    'explains %s',
    (state) => {
      expect(hoverOf(typeName, 'tradeState')).toContain(`\`${state}\`: `);
    },
  );

  it('says the same as that of TradeState', () => {
    expect(statesIn(hoverOf(typeName, 'tradeState'))).toEqual(statesIn(hoverOf('TradeState')));
  });
});
