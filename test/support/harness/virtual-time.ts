import { jest } from '@jest/globals';

const realSetTimeout = globalThis.setTimeout;
const REAL_STEP_MS = 10;
const VIRTUAL_STEP_MS = 500;

/**
 * Lets time pass fifty times as fast until a promise is settled, while sockets work as usual.
 *
 * @param promise begun after {@link useVirtualTime}
 */
export async function inVirtualTime<T>(promise: Promise<T>): Promise<T> {
  const pending = Symbol('pending');
  for (;;) {
    const step = new Promise<typeof pending>((resolve) => realSetTimeout(resolve, REAL_STEP_MS, pending));
    const result = await Promise.race([promise, step]);
    if (result !== pending) return result;
    await jest.advanceTimersByTimeAsync(VIRTUAL_STEP_MS);
  }
}

/** Takes over timers and clocks, but nothing that sockets need. */
export function useVirtualTime(): void {
  jest.useFakeTimers({
    doNotFake: [
      'nextTick',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'queueMicrotask',
    ],
  });
}
