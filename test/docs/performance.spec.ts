import { describe, expect, it } from '@jest/globals';
import { resolveOptions, type ResolvedV3Options } from '../../lib/merchants/resolve-options.js';
import { loadWith } from '../support/fixtures/complete-environment.js';
import { readPage } from './markdown.js';

describe('docs/performance.md', () => {
  it('names the defaults that the module applies', () => {
    const { maxInFlight, signingConcurrency, maxReplyBytes } = resolveOptions(
      'default',
      loadWith(),
    ) as ResolvedV3Options;

    const rows = readPage('docs/performance.md').matchAll(/^\| `(\w+)` \(`WXPAY_\w+`\)\s*\| (\d+)/gm);
    const documented = Object.fromEntries([...rows].map(([, option, value]) => [option, Number(value)]));

    expect(documented).toEqual({ maxInFlight, signingConcurrency, maxReplyBytes });
  });
});
