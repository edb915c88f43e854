import { performance } from 'node:perf_hooks';
import { ORDERS } from './keep-calling.js';
import { watchMemory } from './watch-memory.js';

/** Any number of orders through `queryMany`, as a reconciliation does it. */
export async function run(client, { orders, concurrency }, gc) {
  const memory = watchMemory(gc);
  const startedAt = performance.now();
  let failed = 0;
  for await (const { error } of client.queryMany(refs(orders), { concurrency })) if (error) failed++;
  return { wallMs: performance.now() - startedAt, failed, ...memory.stop() };
}

function* refs(orders) {
  for (let index = 0; index < orders; index++) yield { outTradeNo: `N${index % ORDERS}` };
}
