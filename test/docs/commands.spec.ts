import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { markdownPages, readPage } from './markdown.js';

describe('commands of npm', () => {
  it.each(markdownPages())('in %s are scripts of the package', (page) => {
    // This repository's own file, of the shape that npm prescribes.
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };

    const named = [...readPage(page).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name);

    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
