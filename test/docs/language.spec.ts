import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

// The two rules of "Language" in CONTRIBUTING.md that can be counted.
const OPENING = /^(What|How|Whether|Who|Whoever|Whose|Why|When|Where)\b/;
const HIDDEN_SUBJECT =
  /\b(whoever|whatever|somebody|nobody|of which|of whose|those who|what was|what they)\b/i;
const DOC_COMMENT = /\/\*\*([\s\S]*?)\*\//g;

interface DocComment {
  /** Such as `lib/index.ts:12`. */
  readonly place: string;
  /** Without tags and code. */
  readonly text: string;
}

function docCommentsOf(folder: string): readonly DocComment[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => {
      const source = readFileSync(join(folder, path), 'utf8');
      return [...source.matchAll(DOC_COMMENT)].map(({ 1: comment = '', index }) => ({
        place: `${folder}/${path}:${source.slice(0, index).split('\n').length}`,
        text: textOf(comment),
      }));
    });
}

function textOf(comment: string): string {
  const [text = ''] = comment.replace(/^\s*\*\s?/gm, '').split(/^\s*@/m);
  return text
    .replace(/```[\s\S]*?```/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('the doc comments of lib', () => {
  const comments = docCommentsOf('lib');

  it('are found', () => {
    expect(comments.length).toBeGreaterThan(1_000);
  });

  it('open with a verb or a noun phrase', () => {
    expect(comments.filter(({ text }) => OPENING.test(text))).toEqual([]);
  });

  it('name the subject of each sentence', () => {
    expect(comments.filter(({ text }) => HIDDEN_SUBJECT.test(text))).toEqual([]);
  });
});
