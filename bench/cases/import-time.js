import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { median } from '../process/statistics.js';

export const title = 'The import of the main entry';

const ROUNDS = 11;
const SCRIPT = join(import.meta.dirname, '../process/import-time.cjs');
/** Those whose absence the package must survive. */
const OPTIONAL = ['@nestjs/config', '@peculiar/x509', 'class-transformer', 'class-validator'];

export async function run() {
  const runs = Array.from({ length: ROUNDS }, () =>
    JSON.parse(execFileSync(process.execPath, [SCRIPT], { encoding: 'utf8' })),
  );
  const packages = runs[0].packages;
  return {
    ms: median(runs.map(({ ms }) => ms)),
    packages,
    optionalPeers: packages.filter((name) => OPTIONAL.includes(name)).length,
  };
}
