import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { keepCalling, ORDERS } from './keep-calling.js';

/** Its connections last from one burst to the next. */
const server = createServer({ keepAliveTimeout: 0 }, (_, response) => response.end('ok'));
const STAT_EVERY_MS = 5;

/**
 * The host app: it serves an endpoint and looks at files, and one day somebody asks for a thousand orders at once.
 *
 * First without `calls`, to learn the port of the endpoint; the driver asks it while the burst goes on.
 */
export async function run(client, { calls }) {
  if (calls === undefined) {
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: server.address().port };
  }
  let going = true;
  const watching = watchFiles(() => going);
  const startedAt = performance.now();
  const { failed } = await keepCalling(client.query, { inFlight: calls, calls, orders: ORDERS });
  const wallMs = performance.now() - startedAt;
  going = false;
  return { wallMs, failed, statMs: await watching };
}

async function watchFiles(isGoing) {
  const latencies = [];
  while (isGoing()) {
    const startedAt = performance.now();
    await stat(import.meta.filename);
    latencies.push(performance.now() - startedAt);
    await delay(STAT_EVERY_MS);
  }
  return latencies;
}
