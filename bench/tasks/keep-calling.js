import { performance } from 'node:perf_hooks';

/** How many orders the gateway has signed replies for, unless a case asks for more; no two calls in flight are alike. */
export const ORDERS = 1_000;

/** Calls until the time, or the number of calls, is over, with so many calls in flight. */
export async function keepCalling(call, { inFlight, forMs = Infinity, calls = Infinity, orders = ORDERS }) {
  const endsAt = performance.now() + forMs;
  const latencies = [];
  const errors = [];
  let next = 0;
  const worker = async () => {
    while (next < calls && performance.now() < endsAt) {
      const no = `N${next++ % orders}`;
      const startedAt = performance.now();
      try {
        await call(no);
      } catch (error) {
        errors.push(String(error));
      }
      if (forMs < Infinity) latencies.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return { calls: next, latencies, errors: [...new Set(errors)].slice(0, 3), failed: errors.length };
}
