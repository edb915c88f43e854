import { describe, expect, it } from '@jest/globals';
import { Settings } from '../config/settings.js';
import { startupHints } from '../startup-hints.js';

const REDIS_URL = 'redis://localhost:6379';
const DATABASE_URL = 'postgres://localhost/shop';

describe('the hints of the sample at its start', () => {
  const warningsOf = (env: NodeJS.ProcessEnv) =>
    startupHints(new Settings(env), 3000).filter((line) => line.startsWith('REDIS_URL is set'));

  it('say that sales do not outlive the process with REDIS_URL alone', () => {
    expect(warningsOf({ REDIS_URL })).toEqual([expect.stringMatching(/Set DATABASE_URL, too\.$/)]);
    expect(warningsOf({ REDIS_URL, WXPAY_MCHID: '1900000001' })).toHaveLength(1);
  });

  it.each([{}, { DATABASE_URL }, { DATABASE_URL, REDIS_URL }])('say nothing about it with %o', (env) => {
    expect(warningsOf(env)).toEqual([]);
  });
});
