import { describe, expect, it } from '@jest/globals';
import { compileSnippets } from './compile-snippets.js';
import { markdownPages } from './markdown.js';

describe('the TypeScript in Markdown pages', () => {
  it('compiles against the sources', () => {
    expect(compileSnippets(markdownPages())).toEqual([]);
  }, 60_000);
});
