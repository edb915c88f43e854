import { PerformanceObserver } from 'node:perf_hooks';
import { keepCalling } from './keep-calling.js';

/** What a call allocates, in a process whose young generation is so large that nothing is collected meanwhile. */
export async function run(client, { calls, inFlight }, gc) {
  await keepCalling(client.query, { calls: calls * 3, inFlight });
  gc();
  let collections = 0;
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
  // Those of the explicit collection arrive late.
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer.observe({ entryTypes: ['gc'] });
  const before = process.memoryUsage();
  await keepCalling(client.query, { calls, inFlight });
  const after = process.memoryUsage();
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer.disconnect();
  if (collections > 0) {
    throw new Error(`${collections} collections spoilt the figure: enlarge the young generation.`);
  }
  const bytes = ({ heapUsed, external }) => heapUsed + external;
  return { kbPerCall: (bytes(after) - bytes(before)) / calls / 1024 };
}
