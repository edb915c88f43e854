import { describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
// Each case compiles the package for a process of its own.
jest.setTimeout(60_000);

/** The packages that an app loads with these entries. */
async function packagesOf(...entries: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await run(process.execPath, ['test/support/harness/loaded-packages.mjs', ...entries], {
    timeout: 60_000,
  });
  return JSON.parse(stdout) as string[];
}

const OPTIONAL_PEERS = [
  'axios',
  '@nestjs/axios',
  '@nestjs/config',
  '@peculiar/x509',
  'class-validator',
  'bullmq',
  'ioredis',
  '@nestjs/terminus',
  '@opentelemetry/api',
];

describe('the import of nestjs-wxpay', () => {
  it('loads neither axios nor any other optional peer', async () => {
    const packages = await packagesOf('index.js');

    expect(packages).toEqual(expect.arrayContaining(['@nestjs/common', '@nestjs/core', 'saxes', 'rxjs']));
    for (const peer of OPTIONAL_PEERS) expect(packages).not.toContain(peer);
  });

  it('loads no more of OpenTelemetry than its API with the entry for it', async () => {
    const packages = await packagesOf('opentelemetry/index.js');

    expect(packages.filter((name) => name.startsWith('@opentelemetry/'))).toEqual(['@opentelemetry/api']);
  });

  it('loads terminus with the entry for health checks only', async () => {
    const packages = await packagesOf('terminus/index.js');

    expect(packages).toContain('@nestjs/terminus');
    expect(packages).not.toContain('axios');
  });

  it('loads BullMQ and its driver with the entry for it', async () => {
    const packages = await packagesOf('bullmq/index.js');

    expect(packages).toContain('bullmq');
    expect(packages).not.toContain('axios');
    expect(packages).not.toContain('@nestjs/config');
  });

  it('loads no axios with the entries for the environment and for tests either', async () => {
    const packages = await packagesOf('index.js', 'config/index.js', 'testing/index.js');

    expect(packages).toEqual(expect.arrayContaining(['@nestjs/config', 'class-validator']));
    expect(packages).not.toContain('axios');
    expect(packages).not.toContain('@nestjs/axios');
  });
});
