import { performance } from 'node:perf_hooks';
import { SigningSemaphore } from '../transport/signing-semaphore.js';
import { TokenBucket } from '../transport/token-bucket.js';
import { AcceptedReplies } from '../v3/accepted-replies.js';
import { HostHealthRegistry } from './host-health-registry.js';

/** State that all merchants of a Nest container share. */
export interface ContainerState {
  readonly healths: Pick<HostHealthRegistry, 'for'>;
  /** Aborted when the app is closed; ends watches and queries of many orders. */
  readonly closing: AbortController;
  /** Bounds the signatures computed in this process: all merchants share one thread pool. */
  readonly signing: SigningSemaphore;
  /** Bounds the certificate downloads that notifications with unknown serial numbers cause: anyone can send those. */
  readonly seeking: TokenBucket;
  /** The replies of APIv3 that are accepted once; `replace` does not forget them. */
  readonly accepted: AcceptedReplies;
}

/** One download a second at most in the long run, however many merchants there are. */
const SEEKING = { capacity: 5, refillMs: 1_000 };

/** @param now milliseconds of a clock that never goes back */
export function createContainerState(now: () => number = () => performance.now()): ContainerState {
  return {
    healths: new HostHealthRegistry(),
    closing: new AbortController(),
    signing: new SigningSemaphore(),
    seeking: new TokenBucket({ ...SEEKING, now }),
    accepted: new AcceptedReplies(),
  };
}
