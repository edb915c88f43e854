import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { userAgent } from '../../lib/transport/http/user-agent.js';
import { readManifest } from '../support/assertions/package-manifest.js';
import { readSources } from '../support/assertions/source-file.js';

const HOSTS = 'test/compat/hosts';
/** The package, and those beside it that are installed by themselves. */
const LOCKFILES = ['package-lock.json', 'bench/package-lock.json', 'mutation/package-lock.json'];
const manifest = readManifest();
const lib = readSources('lib');

describe('package.json', () => {
  it('has the version that requests name in their User-Agent', () => {
    expect(userAgent()).toContain(`nestjs-wxpay/${manifest.version} `);
  });

  it('exports every entry, ESM to whoever can load it and its types to each resolution', () => {
    const folders = lib
      .map(({ path }) => /^(.+)\/index\.ts$/.exec(path)?.[1])
      .filter((folder) => folder !== undefined);

    // As text, because the order of the conditions decides.
    expect(JSON.stringify(manifest.exports)).toBe(
      JSON.stringify({
        '.': conditions(''),
        ...Object.fromEntries(folders.toSorted().map((folder) => [`./${folder}`, conditions(`${folder}/`)])),
        './package.json': './package.json',
      }),
    );
    expect(manifest.typesVersions).toEqual({
      '*': Object.fromEntries(folders.map((folder) => [folder, [`./dist/cjs/${folder}/index.d.ts`]])),
    });
  });

  it('declares the packages that lib imports and no others', () => {
    const imported = lib
      .flatMap(({ imports }) => imports.map(({ specifier }) => specifier))
      .filter((specifier) => !/^(\.|node:)/.test(specifier));
    // What @nestjs/common asks its hosts for in turn, and what an HttpService of the app is made with.
    const expected = new Set([...imported, 'reflect-metadata', '@nestjs/axios', 'axios']);

    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });

    expect(declared.toSorted()).toEqual([...expected].toSorted());
  });

  it.each(LOCKFILES)('is locked in %s without the address of a registry', (lockfile) => {
    expect(readFileSync(lockfile, 'utf8')).not.toContain('"resolved"');
  });

  it.each([
    '@nestjs/common',
    '@nestjs/core',
    '@nestjs/axios',
    '@nestjs/config',
    '@nestjs/terminus',
    '@opentelemetry/api',
    'bullmq',
  ])('claims the majors of %s that a host application, or the tests here, prove', (name) => {
    const versions = [...versionsInHosts(name), manifest.devDependencies[name] ?? ''];
    const proven = [...new Set(versions.map(majorOf))];

    expect(claimOf(name).map(majorOf)).toEqual(proven.toSorted((a, b) => a - b));
  });

  // The hosts start no mock gateway that makes certificates.
  it.each(Object.keys(manifest.peerDependencies).filter((name) => name !== '@peculiar/x509'))(
    'claims as the oldest version of %s one that a host application installs',
    (name) => {
      const [oldest = ''] = claimOf(name);

      expect(versionsInHosts(name)).toContain(oldest.replace('^', ''));
    },
  );
});

/** The ranges of a peer, one for each major. */
function claimOf(name: string): readonly string[] {
  return manifest.peerDependencies[name]?.split(' || ') ?? [];
}

/** The versions of a package that the host applications install, those for the entries of their own included. */
function versionsInHosts(name: string): readonly string[] {
  return readdirSync(HOSTS).flatMap((host) => {
    const { dependencies, scripts } = readManifest(join(HOSTS, host));
    const forEntries = scripts['test:entries']?.split(' ').find((word) => word.startsWith(`${name}@`));
    return [dependencies?.[name], forEntries?.slice(name.length + 1)].filter(
      (version) => version !== undefined,
    );
  });
}

function conditions(folder: string): object {
  return {
    types: { import: `./dist/esm/${folder}index.d.ts`, require: `./dist/cjs/${folder}index.d.ts` },
    'module-sync': `./dist/esm/${folder}index.js`,
    import: `./dist/esm/${folder}index.js`,
    require: `./dist/cjs/${folder}index.js`,
  };
}

function majorOf(range = ''): number {
  return Number(/\d+/.exec(range)?.[0]);
}
