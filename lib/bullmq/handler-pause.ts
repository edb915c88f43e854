/** Maximum pause between two calls of a failing handler. */
const MAX_PAUSE_MS = 600_000;

/**
 * Returns the pause before a failing handler is called again, in milliseconds.
 *
 * @param firstMs pause after the first failure; it doubles with each further one, up to 10 minutes
 * @param failures number of calls that failed
 */
export function handlerPauseMs(firstMs: number, failures: number): number {
  return Math.min(firstMs * 2 ** (failures - 1), MAX_PAUSE_MS);
}
