import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../process/statistics.js';

export const title = 'The import of the main entry';

const ROUNDS = 11;
const MAIN_ENTRY = '../../dist/esm/index.js';
const { peerDependenciesMeta } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
);
/** Those whose absence the package must survive. */
const OPTIONAL = Object.keys(peerDependenciesMeta).filter((name) => peerDependenciesMeta[name].optional);

export function run() {
  const { packages } = outputOf('loaded-packages.cjs');
  const rounds = Array.from({ length: ROUNDS }, () => ({
    own: outputOf('import-time.js', MAIN_ENTRY),
    nestAxios: outputOf('import-time.js', '@nestjs/axios'),
  }));
  return {
    ms: median(rounds.map(({ own }) => own)),
    nestAxiosMs: median(rounds.map(({ nestAxios }) => nestAxios)),
    overNestAxios: median(rounds.map(({ own, nestAxios }) => own / nestAxios)),
    packages,
    optionalPeers: packages.filter((name) => OPTIONAL.includes(name)).length,
  };
}

function outputOf(script, ...parameters) {
  const path = join(import.meta.dirname, '../process', script);
  return JSON.parse(execFileSync(process.execPath, [path, ...parameters], { encoding: 'utf8' }));
}
