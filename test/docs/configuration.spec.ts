import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { loadOptions } from '../../lib/config/load-options.js';
import { variablesOf } from '../../lib/config/variable.decorator.js';
import { WxPayEnvironment } from '../../lib/config/wxpay-environment.js';
import { WxPayV2Environment } from '../../lib/config/wxpay-v2-environment.js';
import { WxPayV3Environment } from '../../lib/config/wxpay-v3-environment.js';
import { resolveOptions } from '../../lib/merchants/resolve-options.js';
import { certificateFor } from '../support/fixtures/certificates.js';
import { rsaKeys } from '../support/fixtures/rsa-keys.js';
import { VARIABLES, withConfigurationTables } from './configuration-tables.js';
import { fencesOf, readPage } from './markdown.js';

/** The first .env of each page, and how its variables begin. */
const EXAMPLES = [
  { page: 'docs/configuration.md', prefix: 'WXPAY_', types: [WxPayEnvironment, WxPayV3Environment] },
  { page: 'docs/v2.md', prefix: 'WXPAY_', types: [WxPayEnvironment, WxPayV2Environment] },
  {
    page: 'docs/multi-merchant.md',
    prefix: 'WXPAY_COUNTER_',
    types: [WxPayEnvironment, WxPayV2Environment],
  },
].map(({ types, ...example }) => ({
  ...example,
  required: types
    .flatMap((type) => variablesOf(type.prototype))
    .filter(({ required }) => required)
    .map(({ name }) => name),
}));
const PREFIXES = /^WXPAY_(EU_|COUNTER_)?/;

describe('configuration documentation', () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wxpay-docs-'));
    const merchant = rsaKeys();
    writeFileSync(join(folder, 'apiclient_key.pem'), merchant.privatePem);
    writeFileSync(join(folder, 'apiclient_cert.pem'), await certificateFor(merchant));
    writeFileSync(join(folder, 'pub_key.pem'), rsaKeys().publicPem);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  /** The variables that the page shows, with its files in place. */
  function environmentIn(page: string): NodeJS.ProcessEnv {
    const block = fencesOf(readPage(page)).find(({ language }) => language === 'dotenv');
    return parseEnv((block?.code ?? '').replaceAll('./certs', folder));
  }

  // `UPDATE_DOCS=1 npm test -- test/docs/configuration` rewrites the pages first.
  it.each(['docs/configuration.md', 'README.md'])('%s has the tables of the environment classes', (page) => {
    const current = withConfigurationTables(readPage(page));

    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, current);

    expect(readPage(page)).toBe(current);
  });

  it.each(EXAMPLES)('$page mentions no variable that does not exist', ({ page }) => {
    // Members follow a constant of the code, not a variable.
    const mentioned = readPage(page).match(/\bWXPAY_[A-Z0-9_]*[A-Z0-9]\b(?!\.)/g) ?? [];

    const names = mentioned.map((name) => name.replace(PREFIXES, ''));

    expect(VARIABLES.map(({ name }) => name)).toEqual(expect.arrayContaining([...new Set(names)]));
  });

  it.each(EXAMPLES)('$page shows an .env that is enough to start', ({ page, prefix }) => {
    const options = loadOptions(environmentIn(page), { prefix });

    expect(() => resolveOptions('default', options)).not.toThrow();
  });

  it.each(EXAMPLES)('$page shows an .env that needs its variables', ({ page, prefix, required }) => {
    const missing = required.filter((name) => {
      const { [prefix + name]: _taken, ...rest } = environmentIn(page);
      try {
        loadOptions(rest, { prefix });
        return false;
      } catch (error) {
        return String(error).includes(`${prefix}${name} is not set.`);
      }
    });

    expect(missing).toEqual(required);
    expect(required.length).toBeGreaterThan(1);
  });

  it('names the defaults that the module applies', () => {
    const { hosts, timeoutMs, maxInFlight, minOrderAgeMs, maxReplyBytes } = resolveOptions(
      'default',
      loadOptions(environmentIn('docs/configuration.md'), { prefix: 'WXPAY_' }),
    );

    const documented = Object.fromEntries(VARIABLES.map(({ name, default: value }) => [name, value]));

    expect(documented).toMatchObject({
      HOSTS: `\`${hosts.join(',')}\``,
      TIMEOUT_MS: String(timeoutMs),
      MAX_IN_FLIGHT: String(maxInFlight),
      MIN_ORDER_AGE_MS: String(minOrderAgeMs),
      MAX_REPLY_BYTES: String(maxReplyBytes),
    });
  });

  it('names the defaults that the environment applies', () => {
    const { API, SIGN_TYPE } = Object.fromEntries(VARIABLES.map(({ name, default: value }) => [name, value]));
    const v3 = loadOptions(environmentIn('docs/configuration.md'), { prefix: 'WXPAY_' });
    const v2 = loadOptions(environmentIn('docs/v2.md'), { prefix: 'WXPAY_' });

    expect(API).toBe(`\`${resolveOptions('default', v3).api}\``);
    expect(v2.signer).toHaveProperty('signType', SIGN_TYPE?.replaceAll('`', ''));
  });
});
