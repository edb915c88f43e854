import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';

/** The part of semver that is used here; it ships no types. */
interface Semver {
  minVersion(range: string): { readonly version: string } | null;
  satisfies(version: string, range: string): boolean;
}
interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly optional?: boolean; readonly engines?: { readonly node?: string } }>
  >;
}

const semver = createRequire(import.meta.url)('semver') as Semver;
const nodeVersion = semver.minVersion(readFileSync('.nvmrc', 'utf8').trim())?.version ?? '';

describe('the Node version of .nvmrc', () => {
  it('is the oldest that the package supports', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      readonly engines: { readonly node: string };
    };

    expect(semver.minVersion(engines.node)?.version).toBe(nodeVersion);
  });

  it.each(['package-lock.json', 'bench/package-lock.json', 'mutation/package-lock.json'])(
    'is supported by every package that npm ci installs from %s',
    (lockfile) => {
      const { packages } = JSON.parse(readFileSync(lockfile, 'utf8')) as Lockfile;

      const unsupported = Object.entries(packages)
        .filter(([, { optional }]) => optional !== true)
        .filter(([, { engines }]) => !semver.satisfies(nodeVersion, engines?.node ?? '*'))
        .map(([path, { engines }]) => `${path} needs ${engines?.node}`);

      expect(unsupported).toEqual([]);
    },
  );
});
