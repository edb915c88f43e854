import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { headingsOf, linksOf, markdownPages, readPage } from './markdown.js';

describe('links between files', () => {
  it.each(markdownPages())('of %s lead somewhere', (page) => {
    const links = linksOf(readPage(page)).filter((link) => !/^[a-z]+:/.test(link));

    const dead = links.filter((link) => !leadsSomewhere(page, link));

    expect(dead).toEqual([]);
  });
});

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = decodeURI(link).split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || !target.endsWith('.md') || anchorsOf(target).includes(anchor);
}

/** The names that GitHub gives to headings. */
function anchorsOf(page: string): string[] {
  return headingsOf(readPage(page)).map(({ text }) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
