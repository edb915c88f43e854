import { setTimeout as delay } from 'node:timers/promises';

/** Repeats an assertion until it holds; throws its last failure when it does not hold in time. */
export async function eventually(assertion: () => void | Promise<void>, timeoutMs = 5_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (failure) {
      if (performance.now() > end) throw failure;
      await delay(5);
    }
  }
}
