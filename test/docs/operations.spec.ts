import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as api from '../../lib/index.js';
import { ERROR_CATALOG, UNKNOWN_ERROR } from '../../lib/errors/catalog.js';
import { SPECIAL_CASES } from '../../lib/errors/special-cases.js';
import { readPage } from './markdown.js';

const page = readPage('docs/operations.md');

/** The text below a heading, up to the next heading of any level. */
function sectionOf(heading: string): string {
  const [, after] = page.split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`docs/operations.md has no heading "${heading}".`);
  return after.split(/^#+ /m)[0] ?? '';
}

const kinds = new Set([...ERROR_CATALOG, ...SPECIAL_CASES, UNKNOWN_ERROR].map(({ kind }) => kind));
const classes = Object.keys(api).filter((name) => /^WxPay\w+Error$/.test(name) && name !== 'WxPayError');

describe('the runbook', () => {
  it.each([...kinds])('has an entry for the kind %s, with all its codes', (kind) => {
    const entry = sectionOf(`#### Kind \`${kind}\``);
    const codes = ERROR_CATALOG.filter((row) => row.kind === kind).map(({ code }) => code);

    expect(codes.filter((code) => !entry.includes(`\`${code}\``))).toEqual([]);
    for (const part of ['**Means**', '**Who acts**', '**Do**']) expect(entry).toContain(part);
  });

  it('has an entry for every class of error', () => {
    expect(classes).toHaveLength(6);
    for (const name of classes) expect(sectionOf(`### ${name}`).trim()).not.toBe('');
  });

  it('names no code that the catalog lacks', () => {
    const known = new Set([...ERROR_CATALOG, ...SPECIAL_CASES].map(({ code }) => code)).add('WXPAY_TRACKING');
    const named = page.split('## Runbook')[1]?.match(/(?<=`)[A-Z][A-Z_]{5,}(?=`)/g) ?? [];

    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((code) => !known.has(code))).toEqual([]);
  });

  it('says what to do for every reason of a signature error', () => {
    const source = readFileSync('lib/errors/wxpay-signature-error.ts', 'utf8');
    const [, union = ''] = /type WxPaySignatureFault = ([^;]+);/.exec(source) ?? [];
    const reasons = union.match(/(?<=')[\w-]+(?=')/g) ?? [];

    expect(reasons).toHaveLength(5);
    for (const reason of reasons) expect(sectionOf('### WxPaySignatureError')).toContain(`\`${reason}\``);
  });
});

describe('the table of reasons for health checks', () => {
  it('has the reasons that the doc comment of WxPayHealthReason lists', () => {
    const source = readFileSync('lib/terminus/finding.ts', 'utf8');
    const listed = [...source.matchAll(/^ \* - ([^:]+):/gm)].flatMap(
      ([, names = '']) => names.match(/(?<=`)[a-z-]+(?=`)/g) ?? [],
    );
    const rows = [...page.matchAll(/^\| `([\w-]+)` +\| (?:down|degraded)/gm)].map(([, name = '']) => name);
    // One row stands for all other kinds.
    const kindsAlone = new Set(['rate-limited', 'gateway']);

    expect(rows.length).toBeGreaterThan(9);
    expect(rows.toSorted()).toEqual(listed.filter((name) => !kindsAlone.has(name)).toSorted());
  });
});
