import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { startTracker } from './tracker.js';

// Tracks many orders with several worker processes, and says how fast, at what cost in Redis, and how late. The lives of the
// orders are compressed: each is queried once, and expires within minutes instead of half an hour.
const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '100000' },
    workers: { type: 'string', default: '2' },
    /** Orders that expire each second. */
    pace: { type: 'string', default: '250' },
  },
});
const [ORDERS, WORKERS, PACE] = [values.orders, values.workers, values.pace].map(Number);
const FOLDER = import.meta.dirname;
const PREFIX = 'bench';
/** Time without a new outcome after which the orders that are left count as lost; longer than the pause between the first queries and the first expiry. */
const LOST_AFTER_MS = (ORDERS / PACE) * 1_000 + 120_000;

const directory = await mkdtemp(join(tmpdir(), 'nestjs-wxpay-bench-'));
const port = await freePort();
const server = spawn(
  'redis-server',
  ['--port', `${port}`, '--save', '', '--appendonly', 'yes', '--dir', directory],
  {
    stdio: 'ignore',
  },
);
const redis = new Redis(port);
redis.on('error', () => {});
const gateway = fork(`${FOLDER}/gateway.js`, [`${ORDERS}`]);
const [{ merchant }] = await once(gateway, 'message');
const terms = { merchant, tracking: { connection: { url: `redis://127.0.0.1:${port}` }, prefix: PREFIX } };

// Expiries begin once the first queries of all orders are made, and are spread evenly.
const firstExpiry = Date.now() + (ORDERS / PACE) * 1_000 + 10_000;
const expiresAt = (index) => new Date(firstExpiry + (index / PACE) * 1_000);

const tracker = await startTracker(terms);
const before = await usedMemory();
const trackMs = await trackAll(tracker);
const bytes = ((await usedMemory()) - before) / ORDERS;

const told = new Map();
const lateness = [];
let twice = 0;
/** Time until the last paid order was told, which its first query shows: all orders are queried once, as fast as it goes. */
let firstQueriesMs = 0;
const workBegan = performance.now();
const workers = Array.from({ length: WORKERS }, startWorker);
let toldAt = performance.now();
while (told.size < ORDERS && performance.now() - toldAt < LOST_AFTER_MS) {
  await pause(1_000);
  if (process.stderr.isTTY) process.stderr.write(`\r${told.size} of ${ORDERS} told`);
}
await pause(2_000);

lateness.sort((a, b) => a - b);
const twoKeys = [...told.values()].filter((keys) => keys.size > 1).length;
print(`
| Orders | Workers | Tracked a second | First queries a second | Redis, bytes an order | Lateness of expiry, p50 / p99 | Told twice | Under two keys | Lost |
| ------ | ------- | ---------------- | ---------------------- | --------------------- | ----------------------------- | ---------- | -------------- | ---- |
| ${ORDERS} | ${WORKERS} | ${Math.round(ORDERS / (trackMs / 1_000))} | ${Math.round(ORDERS / (firstQueriesMs / 1_000))} | ${Math.round(bytes)} | ${at(0.5)} / ${at(0.99)} ms | ${twice} | ${twoKeys} | ${ORDERS - told.size} |

Node ${process.versions.node}, ${cpus().length} cores, one order in three is paid, ${PACE} orders expire each second, APIv2.
`);

for (const child of [...workers, gateway]) child.kill('SIGKILL');
await tracker.close();
redis.disconnect();
server.kill('SIGKILL');
await rm(directory, { recursive: true, force: true });
process.exit(twoKeys === 0 && told.size === ORDERS ? 0 : 1);

function startWorker() {
  const child = fork(`${FOLDER}/worker.js`, [JSON.stringify(terms)]);
  child.on('message', (events) => {
    for (const { key, outcome, time } of events) note(key, outcome, time);
  });
  return child;
}

function note(key, outcome, time) {
  const index = Number(key.split('/')[3].slice(1));
  const keys = told.get(index) ?? new Set();
  if (keys.has(key)) twice++;
  if (!told.has(index)) toldAt = performance.now();
  told.set(index, keys.add(key));
  if (outcome === 'paid') firstQueriesMs = performance.now() - workBegan;
  if (outcome === 'closed') lateness.push(time - expiresAt(index).getTime());
}

async function trackAll({ track }) {
  const began = performance.now();
  const createdAt = new Date(Date.now() - 1_800_000);
  let next = 0;
  const run = async () => {
    while (next < ORDERS) {
      const index = next++;
      await track({ ref: { outTradeNo: `B${index}` }, createdAt, expiresAt: expiresAt(index) });
    }
  };
  await Promise.all(Array.from({ length: 100 }, run));
  return performance.now() - began;
}

function at(part) {
  return Math.round(lateness[Math.floor(lateness.length * part)] ?? NaN);
}

async function usedMemory() {
  const info = await redis.info('memory');
  return Number(/used_memory:(\d+)/.exec(info)?.[1]);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address();
  probe.close();
  return free;
}

function print(text) {
  process.stdout.write(text);
}
