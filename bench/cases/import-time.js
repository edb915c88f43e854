import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { median } from '../process/statistics.js';

export const title = 'The import of the main entry';

const ROUNDS = 11;
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
  return {
    ms: median(Array.from({ length: ROUNDS }, () => outputOf('import-time.js'))),
    packages,
    optionalPeers: packages.filter((name) => OPTIONAL.includes(name)).length,
  };
}

function outputOf(script) {
  const path = join(import.meta.dirname, '../process', script);
  return JSON.parse(execFileSync(process.execPath, [path], { encoding: 'utf8' }));
}
