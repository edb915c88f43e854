/** Callbacks registered for a signal, and the one listener that calls them. */
interface Subscription {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const SUBSCRIPTIONS = new WeakMap<AbortSignal, Subscription>();

/**
 * Registers a callback for the abort of a signal. All callbacks of a signal share one listener, because Node warns of a leak
 * from the eleventh listener on.
 *
 * @param callback called when the signal is aborted, unless {@link unfollow} was called before
 */
export function follow(signal: AbortSignal, callback: () => void): void {
  const subscription = SUBSCRIPTIONS.get(signal) ?? subscribe(signal);
  subscription.callbacks.add(callback);
}

/**
 * Registers a callback for the abort of a signal. An aborted signal calls it at once.
 *
 * @returns a function that removes the callback
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) callback();
  else follow(signal, callback);
  return () => unfollow(signal, callback);
}

/** Removes a callback. Removing the last one also removes the listener from the signal. */
export function unfollow(signal: AbortSignal, callback: () => void): void {
  const subscription = SUBSCRIPTIONS.get(signal);
  if (subscription === undefined) return;
  subscription.callbacks.delete(callback);
  if (subscription.callbacks.size > 0) return;
  signal.removeEventListener('abort', subscription.listener);
  SUBSCRIPTIONS.delete(signal);
}

function subscribe(signal: AbortSignal): Subscription {
  const callbacks = new Set<() => void>();
  const listener = (): void => {
    for (const callback of callbacks) callback();
  };
  const subscription = { callbacks, listener };
  SUBSCRIPTIONS.set(signal, subscription);
  signal.addEventListener('abort', listener, { once: true });
  return subscription;
}
