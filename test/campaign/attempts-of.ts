import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { WXPAY_CHANNELS, type AttemptEvent } from 'nestjs-wxpay';

const current = new AsyncLocalStorage<AttemptEvent[]>();

// Sound: the channel publishes these events only.
subscribe(WXPAY_CHANNELS.attempt, (event) => current.getStore()?.push(event as AttemptEvent));

/** Does some work, and returns the attempts of the calls in it as the library saw them, the earliest first. */
export async function attemptsOf(work: () => Promise<unknown>): Promise<readonly AttemptEvent[]> {
  const attempts: AttemptEvent[] = [];
  await current.run(attempts, work);
  return attempts;
}
