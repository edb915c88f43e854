import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as api from '../../lib/index.js';
import { TABLES, withErrorTables } from './error-tables.js';

const PAGE = 'docs/errors.md';

describe('error documentation', () => {
  // `UPDATE_DOCS=1 npm test -- test/docs` rewrites the page first.
  it('has the tables of the catalog and of the classes', () => {
    const current = withErrorTables(readFileSync(PAGE, 'utf8'));

    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, current);

    expect(readFileSync(PAGE, 'utf8')).toBe(current);
  });

  it('has a row for every class of error that the package exports, and says what it means', () => {
    const classes = Object.keys(api).filter((name) => /^WxPay\w+Error$/.test(name) && name !== 'WxPayError');

    const rows = TABLES['classes']?.().split('\n') ?? [];

    expect(classes).toHaveLength(6);
    for (const name of classes) {
      expect(rows).toContainEqual(
        expect.stringMatching(new RegExp(`^\\| \`${name}\` \\|.*\\| [A-Z].*\\. \\|$`)),
      );
    }
  });
});
