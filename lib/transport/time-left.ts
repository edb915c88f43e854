import { performance } from 'node:perf_hooks';
import type { LocalTerms } from './run-locally.js';

/**
 * Begins a call of several requests. The returned function creates the options of the next request, which may take all of the
 * remaining time, and at least a millisecond.
 */
export function timeLeft({ timeoutMs, signal }: LocalTerms): () => LocalTerms {
  const endsAt = performance.now() + timeoutMs;
  return () => ({ signal, timeoutMs: Math.max(1, endsAt - performance.now()) });
}
