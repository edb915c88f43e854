import { performance } from 'node:perf_hooks';
import { SigningGate } from '../transport/signing-gate.js';
import { TokenBucket } from '../transport/token-bucket.js';
import { AcceptedReplies } from '../v3/accepted-replies.js';
import { HostHealths } from './host-healths.js';

/** What the merchants of an app have in common. */
export interface Shared {
  readonly healths: Pick<HostHealths, 'for'>;
  /** Aborted when the app is closed: ends what has no end of its own. */
  readonly closing: AbortController;
  /** The thread pool is one for all of them: signers that compute in this process pass here. */
  readonly signing: SigningGate;
  /** What notifications with unknown serial numbers, which anyone can send, may make this process download. */
  readonly seeking: TokenBucket;
  /** The replies of APIv3 that are accepted once; `replace` does not forget them. */
  readonly accepted: AcceptedReplies;
}

/** One download a second at most in the long run, however many merchants there are. */
const SEEKING = { capacity: 5, refillMs: 1_000 };

/** @param now milliseconds of a clock that never goes back */
export function createShared(now: () => number = () => performance.now()): Shared {
  return {
    healths: new HostHealths(),
    closing: new AbortController(),
    signing: new SigningGate(),
    seeking: new TokenBucket({ ...SEEKING, now }),
    accepted: new AcceptedReplies(),
  };
}
