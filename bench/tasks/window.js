import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { median } from '../process/statistics.js';
import { keepCalling } from './keep-calling.js';

/**
 * Makes calls for a while, or as many as asked for, so many at a time, and counts what they take. The delay of the event loop is only watched in
 * windows of their own, as watching costs time as well. No garbage is collected by force: V8 throws compiled code away with it.
 */
export async function run(client, { operation, inFlight, forMs, calls: most, watchLoop = false }) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  if (watchLoop) delay.enable();
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const { calls, latencies, errors } = await keepCalling(client[operation], { inFlight, forMs, calls: most });
  const { user, system } = process.cpuUsage(cpu);
  const wallMs = performance.now() - startedAt;
  delay.disable();
  return {
    calls,
    errors,
    cpuUs: (user + system) / calls,
    perSecond: (calls * 1000) / wallMs,
    medianMs: median(latencies),
    loopP99Ms: watchLoop ? delay.percentile(99) / 1e6 : undefined,
  };
}
