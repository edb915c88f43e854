import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The packages that an app loads with these entries. */
async function packagesOf(...entries: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await run(process.execPath, ['test/support/harness/loaded-packages.mjs', ...entries], {
    timeout: 60_000,
  });
  return JSON.parse(stdout) as string[];
}

describe('the import of nestjs-wxpay', () => {
  it('loads neither axios nor any other optional peer', async () => {
    const packages = await packagesOf('index.js');

    expect(packages).toEqual(expect.arrayContaining(['@nestjs/common', '@nestjs/core', 'saxes', 'rxjs']));
    for (const peer of ['axios', '@nestjs/axios', '@nestjs/config', '@peculiar/x509', 'class-validator']) {
      expect(packages).not.toContain(peer);
    }
    expect(packages).not.toContain('@nestjs/terminus');
  });

  it('loads terminus with the entry for health checks only', async () => {
    const packages = await packagesOf('terminus/index.js');

    expect(packages).toContain('@nestjs/terminus');
    expect(packages).not.toContain('axios');
  });

  it('loads no axios with the entries for the environment and for tests either', async () => {
    const packages = await packagesOf('index.js', 'config/index.js', 'testing/index.js');

    expect(packages).toEqual(expect.arrayContaining(['@nestjs/config', 'class-validator']));
    expect(packages).not.toContain('axios');
    expect(packages).not.toContain('@nestjs/axios');
  });
});
