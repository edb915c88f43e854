const MAX_PAUSE_MS = 600_000;

/**
 * Returns the pause before something that failed is tried again, in milliseconds.
 *
 * @param firstMs pause after the first failure; it doubles with each further one, up to 10 minutes
 * @param failures number of consecutive failures, at least 1
 */
export function doublingPauseMs(firstMs: number, failures: number): number {
  return Math.min(firstMs * 2 ** (failures - 1), MAX_PAUSE_MS);
}
