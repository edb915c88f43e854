/** Tells the time in milliseconds; from which moment on they count is up to the clock. */
export type Clock = () => number;

/** A clock that never goes back, for measuring how long something takes. */
export const steadyClock: Clock = () => performance.now();
