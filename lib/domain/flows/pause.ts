import { onAbort } from '../../signals/signal-followers.js';

/**
 * Waits for `ms` milliseconds.
 *
 * @throws `signal.reason` as soon as the signal is aborted
 */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      unfollow();
      resolve();
    }, ms);
    const unfollow = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    });
  });
}
