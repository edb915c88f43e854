import { exec, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// Installs the packed package into each application under hosts/ and runs that application's own `npm test`. An argument
// chooses the applications by a part of their name.
const [filter = ''] = process.argv.slice(2);
const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const work = await mkdtemp(join(tmpdir(), 'nestjs-wxpay-compat-'));
const redis = await startRedis();

try {
  const hosts = (await readdir(join(here, 'hosts'))).filter((host) => host.includes(filter));
  if (hosts.length === 0) throw new Error(`No application under hosts/ has "${filter}" in its name.`);
  if (await report('package', pack)) await Promise.all(hosts.map((host) => report(host, () => prove(host))));
} finally {
  redis?.stop();
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
  await pasteRecipe(join(app, 'recipe'));
  await sh('npm install --no-audit --no-fund --ignore-scripts ../nestjs-wxpay-*.tgz', app);
  await sh('npm test', app);
  // Last, because until here nothing may need what the entries of their own need.
  await sh('npm run test:entries', app, { REDIS_URL: redis?.url });
}

/** Starts a Redis for the entry that needs one, unless there is one; without it, the hosts only prove that it loads. */
async function startRedis() {
  if (process.env.REDIS_URL) return { url: process.env.REDIS_URL, stop: () => undefined };
  const port = await freePort();
  const server = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', work]);
  const isThere = await new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.stdout.on('data', (text) => String(text).includes('Ready to accept') && resolve(true));
  });
  if (isThere) return { url: `redis://127.0.0.1:${port}`, stop: () => server.kill() };
  if (process.env.CI) throw new Error('There is no redis-server on PATH, which CI needs.');
  console.log('- no order is tracked: there is no redis-server on PATH. Install Redis, or set REDIS_URL.');
  return undefined;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await once(server.close(), 'close');
  return port;
}

/** Writes the quick start of the README and its test as a user pastes them: unchanged. */
async function pasteRecipe(folder) {
  const page = await readFile(join(root, 'README.md'), 'utf8');
  await mkdir(folder, { recursive: true });
  for (const name of ['app.module.ts', 'orders.spec.ts']) {
    const code = page.split('```ts\n').find((block) => block.startsWith(`// ${name}\n`));
    await writeFile(join(folder, name), code.slice(0, code.indexOf('```')));
  }
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

function sh(command, cwd, env = {}) {
  // An application that does not end by itself, because something was left open, fails as well.
  return promisify(exec)(command, {
    cwd,
    env: { ...process.env, ...env },
    timeout: 300_000,
    maxBuffer: 1e8,
  });
}
