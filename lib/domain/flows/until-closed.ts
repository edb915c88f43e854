import { onAbort } from '../../signals/signal-followers.js';
import { appClosed } from './app-closed.js';

/**
 * Runs long work that ends when the caller aborts, and also when the app is closed, which would otherwise wait for it.
 *
 * @param what subject of the error's message, such as `The download of a file`
 */
export async function untilClosed<T>(
  what: string,
  { signal, closing }: { readonly signal?: AbortSignal | undefined; readonly closing: AbortSignal },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const unfollow = onAbort(signal, () => controller.abort(signal?.reason));
  const stay = onAbort(closing, () => controller.abort(appClosed(what)));
  try {
    return await work(controller.signal);
  } finally {
    unfollow();
    stay();
  }
}
