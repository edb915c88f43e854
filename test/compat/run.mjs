import { exec } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// Installs the packed package into each application under hosts/ and runs that application's own `npm test`.
const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const work = await mkdtemp(join(tmpdir(), 'nestjs-wxpay-compat-'));

try {
  const hosts = await readdir(join(here, 'hosts'));
  if (await report('package', pack)) await Promise.all(hosts.map((host) => report(host, () => prove(host))));
} finally {
  await rm(work, { recursive: true, force: true });
}

async function pack() {
  await sh('npm run build', root);
  await sh(`npm pack --ignore-scripts --pack-destination ${work}`, root);
}

async function prove(host) {
  const app = join(work, host);
  await cp(join(here, 'hosts', host), app, { recursive: true });
  await cp(join(here, 'shared'), app, { recursive: true });
  await sh('npm install --no-audit --no-fund --ignore-scripts ../nestjs-wxpay-*.tgz', app);
  await sh('npm test', app);
}

async function report(name, step) {
  const start = Date.now();
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  try {
    await step();
    console.log(`✓ ${name} (${seconds()})`);
    return true;
  } catch (error) {
    console.error(`✗ ${name} (${seconds()})\n${error.message}\n${error.stdout ?? ''}`);
    process.exitCode = 1;
    return false;
  }
}

function sh(command, cwd) {
  // An application that does not end by itself, because something was left open, fails as well.
  return promisify(exec)(command, { cwd, timeout: 300_000, maxBuffer: 1e8 });
}
