import { performance } from 'node:perf_hooks';
import { SigningSemaphore } from '../transport/signing-semaphore.js';
import { TokenBucket } from '../transport/token-bucket.js';
import { AcceptedV2Replies } from '../v2/accepted-replies.js';
import { AcceptedReplies } from '../v3/accepted-replies.js';
import { HostHealthRegistry } from './host-health-registry.js';

/** State that all merchants of a Nest container share. */
export interface ContainerState {
  readonly healths: Pick<HostHealthRegistry, 'for'>;
  /** Controller that is aborted when the app is closed; ends watches and queries of many orders. */
  readonly closing: AbortController;
  /** Limit of concurrent signatures in this process: all merchants share one thread pool. */
  readonly signing: SigningSemaphore;
  /** Limit of the certificate downloads that notifications with unknown serial numbers cause: anyone can send those. */
  readonly lookups: TokenBucket;
  /** Record of the APIv3 replies that are accepted only once; `replace` keeps it. */
  readonly accepted: AcceptedReplies;
  /** Record of the APIv2 replies that are accepted for one order only; `replace` keeps it. */
  readonly acceptedV2: AcceptedV2Replies;
}

/** Limit of downloads for all merchants together: 5 at once, and one per second in the long run. */
const LOOKUPS = { capacity: 5, refillMs: 1_000 };

/** @param now monotonic clock, in milliseconds */
export function createContainerState(now: () => number = () => performance.now()): ContainerState {
  return {
    healths: new HostHealthRegistry(),
    closing: new AbortController(),
    signing: new SigningSemaphore(),
    lookups: new TokenBucket({ ...LOOKUPS, now }),
    accepted: new AcceptedReplies(),
    acceptedV2: new AcceptedV2Replies(),
  };
}
