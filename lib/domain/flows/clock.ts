/** Returns the time in milliseconds since a moment that the clock chooses. */
export type Clock = () => number;

/** Monotonic clock, to measure durations. */
export const steadyClock: Clock = () => performance.now();
