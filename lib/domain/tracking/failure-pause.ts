import { doublingPauseMs } from '../../rules/doubling-pause.js';

const FIRST_PAUSE_MS = 5_000;

/** Returns the pause after that many consecutive failures: 5 s, twice as long after each further one, at most 10 minutes. */
export function failurePauseMs(failures: number): number {
  return failures === 0 ? 0 : doublingPauseMs(FIRST_PAUSE_MS, failures);
}
