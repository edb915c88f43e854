import { performance } from 'node:perf_hooks';
import { keepCalling } from './keep-calling.js';
import { watchMemory } from './watch-memory.js';

/** All calls at once, as `Promise.all` over a list does it. */
export async function run(client, { calls }, gc) {
  const memory = watchMemory(gc);
  const startedAt = performance.now();
  const { failed, errors } = await keepCalling(client.query, { inFlight: calls, calls, orders: calls });
  return { wallMs: performance.now() - startedAt, failed, errors, ...memory.stop() };
}
