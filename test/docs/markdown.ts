import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a page. */
export interface Fence {
  readonly language: string;
  readonly code: string;
  /** The line on which the code begins, counted from 1. */
  readonly line: number;
}

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage']);
const FENCE = /^```(\w+)\n(.*?)^```$/gms;

/** The paths of every Markdown page of the repository. */
export function markdownPages(folder = '.'): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return NOT_OURS.has(entry.name) || entry.name.startsWith('.') ? [] : markdownPages(path);
    }
    // Reports of the public API are generated, and hold declarations.
    return entry.name.endsWith('.md') && !entry.name.endsWith('.api.md') ? [path] : [];
  });
}

export function readPage(path: string): string {
  return readFileSync(path, 'utf8');
}

/** The fenced blocks of a page, from top to bottom. */
export function fencesOf(page: string): Fence[] {
  return [...page.matchAll(FENCE)].map(({ 1: language = '', 2: code = '', index }) => ({
    language,
    code,
    line: page.slice(0, index).split('\n').length + 1,
  }));
}

/** The first block of a page in a language that has a text. @throws {Error} if there is none */
export function blockOf(page: string, language: string, content = ''): string {
  const fences = fencesOf(readPage(page));
  const fence = fences.find((each) => each.language === language && each.code.includes(content));
  if (fence === undefined) throw new Error(`${page} has no block of ${language} with "${content}".`);
  return fence.code;
}

/** The headings of a page with their level, which is the number of `#`. */
export function headingsOf(page: string): { readonly level: number; readonly text: string }[] {
  return [...page.replace(FENCE, '').matchAll(/^(#+) (.+)$/gm)].map(([, marks = '', text = '']) => ({
    level: marks.length,
    text,
  }));
}

/** The targets of the links and images of a page. */
export function linksOf(page: string): string[] {
  const prose = page.replace(FENCE, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}
