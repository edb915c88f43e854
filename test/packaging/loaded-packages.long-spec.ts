import { describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { entrySources, optionalPeers } from '../support/assertions/package-manifest.js';

const run = promisify(execFile);
// Each case compiles the package for a process of its own.
jest.setTimeout(60_000);

/** The packages that an app loads with this entry. */
async function packagesOf(entry: string): Promise<readonly string[]> {
  const file = entry.replace(/\.ts$/, '.js');
  const { stdout } = await run(process.execPath, ['test/support/harness/loaded-packages.mjs', file], {
    timeout: 60_000,
  });
  return JSON.parse(stdout) as string[];
}

// BullMQ loads its driver when it connects.
const OPTIONAL = [...optionalPeers(), 'ioredis'];
/** The optional packages that an entry needs; the others need none. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'bullmq/index.ts': ['bullmq'],
  'config/index.ts': ['@nestjs/config', 'class-transformer', 'class-validator'],
  'opentelemetry/index.ts': ['@opentelemetry/api'],
  'terminus/index.ts': ['@nestjs/terminus'],
};

describe.each(entrySources())('the import of %s', (entry) => {
  it('loads the optional packages that it needs, and no others', async () => {
    const packages = await packagesOf(entry);

    expect(packages).toEqual(expect.arrayContaining(['@nestjs/common', '@nestjs/core', 'saxes', 'rxjs']));
    expect(packages.filter((name) => OPTIONAL.includes(name)).toSorted()).toEqual(NEEDED[entry] ?? []);
    // No SDK.
    expect(packages.filter((name) => /^@opentelemetry\/(?!api$)/.test(name))).toEqual([]);
  });
});
