import { beforeAll, describe, expect, it } from '@jest/globals';
import { specFiles } from '../support/fixtures/spec-files.js';
import { readPage } from './markdown.js';

const MODEL = /^## What the module does\n(.*?)^## /ms;
/** What the module does not promise needs no proof. */
const NOT_HELD = '- **Not held**';

const threats = threatsOf(readPage('SECURITY.md'));
const promises = threats.flatMap(({ sentences }) => sentences.filter((each) => !each.startsWith(NOT_HELD)));

describe('the threat model of SECURITY.md', () => {
  let specs: ReadonlySet<string>;

  beforeAll(() => {
    specs = specFiles();
  });

  it('has threats, each with a sentence that is held', () => {
    const empty = threats.filter(({ sentences }) => sentences.every((each) => each.startsWith(NOT_HELD)));

    expect(threats.length).toBeGreaterThan(10);
    expect(empty).toEqual([]);
  });

  it.each(promises)('names specs that the test commands run: %s', (sentence) => {
    const named = [...sentence.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path);

    expect(named).not.toEqual([]);
    expect(named.filter((path) => !specs.has(path))).toEqual([]);
  });
});

interface Threat {
  readonly title: string;
  /** List items in Markdown, each on one line. */
  readonly sentences: readonly string[];
}

function threatsOf(page: string): readonly Threat[] {
  const [, model = ''] = MODEL.exec(page) ?? [];
  const [, ...sections] = model.split(/^### /m);
  return sections.map((section) => {
    const [title = '', ...lines] = section.split('\n');
    const [, ...items] = lines.join('\n').split(/^(?=- )/m);
    return { title, sentences: items.map((item) => item.trim().replace(/\s+/g, ' ')) };
  });
}
