/** Those who follow a signal, and the one listener that they have in common. */
interface Following {
  readonly followers: Set<() => void>;
  readonly tell: () => void;
}

const FOLLOWINGS = new WeakMap<AbortSignal, Following>();

/**
 * Lets any number of calls follow a signal through one listener: Node takes eleven listeners on a signal for a leak, and warns.
 *
 * @param giveUp called when the signal is aborted, unless {@link unfollow} came first
 */
export function follow(signal: AbortSignal, giveUp: () => void): void {
  const following = FOLLOWINGS.get(signal) ?? startFollowing(signal);
  following.followers.add(giveUp);
}

/**
 * Follows a signal, which may be aborted already: `giveUp` is called at once then.
 *
 * @returns what ends it
 */
export function onAbort(signal: AbortSignal | undefined, giveUp: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) giveUp();
  else follow(signal, giveUp);
  return () => unfollow(signal, giveUp);
}

/** Ends what {@link follow} began; the last one takes the listener off the signal. */
export function unfollow(signal: AbortSignal, giveUp: () => void): void {
  const following = FOLLOWINGS.get(signal);
  if (following === undefined) return;
  following.followers.delete(giveUp);
  if (following.followers.size > 0) return;
  signal.removeEventListener('abort', following.tell);
  FOLLOWINGS.delete(signal);
}

function startFollowing(signal: AbortSignal): Following {
  const followers = new Set<() => void>();
  const tell = (): void => {
    for (const giveUp of followers) giveUp();
  };
  const following = { followers, tell };
  FOLLOWINGS.set(signal, following);
  signal.addEventListener('abort', tell, { once: true });
  return following;
}
