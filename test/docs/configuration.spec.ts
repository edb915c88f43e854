import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { loadOptions } from '../../lib/config/load-options.js';
import { variablesOf } from '../../lib/config/variable.decorator.js';
import { WxPayEnvironment } from '../../lib/config/wxpay-environment.js';
import { resolveOptions } from '../../lib/merchants/resolve-options.js';
import { generateRsaKeys } from '../support/rsa-keys.js';
import { withConfigurationTable } from './configuration-table.js';

const PAGE = 'docs/configuration.md';
const PREFIX = 'WXPAY_';
const PAGES = [PAGE, 'README.md'].filter((page) => page === PAGE || existsSync(page));
const variables = variablesOf(WxPayEnvironment.prototype);

/** The first fenced block of the page in that language. */
function blockOf(page: string, language: string): string {
  const [, block = ''] =
    new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(readFileSync(page, 'utf8')) ?? [];
  return block;
}

describe('configuration documentation', () => {
  let folder: string;
  let minimal: NodeJS.ProcessEnv;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wxpay-docs-'));
    writeFileSync(join(folder, 'apiclient_key.pem'), generateRsaKeys().privatePem);
    writeFileSync(join(folder, 'pub_key.pem'), generateRsaKeys().publicPem);
    minimal = parseEnv(blockOf(PAGE, 'dotenv').replaceAll('./certs', folder));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  // `npm run docs:configuration` rewrites the pages first.
  it.each(PAGES)('%s has the table of the environment class', (page) => {
    const current = withConfigurationTable(readFileSync(page, 'utf8'));

    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, current);

    expect(readFileSync(page, 'utf8')).toBe(current);
  });

  it('mentions no variable that does not exist', () => {
    const mentioned = readFileSync(PAGE, 'utf8').match(/\bWXPAY_(EU_)?[A-Z0-9_]*[A-Z0-9]\b/g) ?? [];

    const names = mentioned.map((name) => name.replace(/^WXPAY_(EU_)?/, ''));

    expect(variables.map(({ name }) => name)).toEqual(expect.arrayContaining([...new Set(names)]));
  });

  it('shows an .env that is enough to start', () => {
    expect(loadOptions(minimal, { prefix: PREFIX })).toMatchObject({ mchid: '1900007291' });
  });

  it.each(variables.filter(({ required }) => required))('shows an .env that needs its $name', ({ name }) => {
    const { [PREFIX + name]: _taken, ...rest } = minimal;

    expect(() => loadOptions(rest, { prefix: PREFIX })).toThrow(`${PREFIX}${name} is not set.`);
  });

  it('names the defaults that the module applies', () => {
    const { hosts, timeoutMs, maxReplyBytes } = resolveOptions(
      'default',
      loadOptions(minimal, { prefix: PREFIX }),
    );

    const documented = Object.fromEntries(variables.map(({ name, default: value }) => [name, value]));

    expect(documented).toMatchObject({
      HOSTS: `\`${hosts.join(',')}\``,
      TIMEOUT_MS: String(timeoutMs),
      MAX_REPLY_BYTES: String(maxReplyBytes),
    });
  });
});
