import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { median } from '../process/statistics.js';

export const title = 'The import of the main entry';

const ROUNDS = 11;
const MAIN_ENTRY = '../../dist/esm/index.js';
/** Those whose absence the package must survive. */
const OPTIONAL = [
  '@nestjs/axios',
  '@nestjs/config',
  '@peculiar/x509',
  'axios',
  'class-transformer',
  'class-validator',
];

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
