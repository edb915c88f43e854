import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package.json, as far as specs read it. */
export interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly typesVersions: Readonly<Record<string, unknown>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Reads the manifest of this package, or of one in another folder. */
export function readManifest(folder = '.'): Manifest {
  // This repository's own files, of the shape that npm prescribes.
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The packages that an app may do without. */
export function optionalPeers({ peerDependenciesMeta }: Manifest = readManifest()): readonly string[] {
  return Object.keys(peerDependenciesMeta).filter((name) => peerDependenciesMeta[name]?.optional === true);
}

/** The entries that an app imports: `nestjs-wxpay`, `nestjs-wxpay/bullmq` and so on. */
export function entryNames(manifest: Manifest = readManifest()): readonly string[] {
  return Object.keys(manifest.exports)
    .filter((path) => path !== './package.json')
    .map((path) => `nestjs-wxpay${path.slice(1)}`);
}

/** Source files of the entries below lib: `index.ts`, `bullmq/index.ts` and so on. */
export function entrySources(manifest: Manifest = readManifest()): readonly string[] {
  return entryNames(manifest).map((name) =>
    `${name.replace(/^nestjs-wxpay\/?/, '')}/index.ts`.replace(/^\//, ''),
  );
}
