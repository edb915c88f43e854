/** Pause after the first failure; it doubles with each further one. */
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 600_000;

/** Returns the pause after that many consecutive failures: 5 s, twice as long after each further one, at most 10 minutes. */
export function failurePauseMs(failures: number): number {
  return failures === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), MAX_PAUSE_MS);
}
