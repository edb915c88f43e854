import { createHash } from 'node:crypto';
import type { Reply } from '../transport/http/reply.js';
import { replyMessage } from './canonical-message.js';
import { CLOCK_TOLERANCE_MS } from './message-verifier.js';

/** About 15 MB of memory when full. */
const CAPACITY = 100_000;

/**
 * Remembers the verified replies that name no order and accepts each of them once. Otherwise the 204 of one close would
 * prove any other close for as long as it is fresh.
 *
 * All merchants of an app share one instance: two registrations may have the same key, and `replace` must not forget
 * replies. When it is full, it forgets the oldest reply instead of refusing a verified one. That takes more than 300 such
 * replies per second, and a replayed reply would still have to get past TLS.
 */
export class AcceptedReplies {
  /** Time until which each reply is fresh, by the digest of the signed message; the oldest first. */
  readonly #freshUntil = new Map<string, number>();
  readonly #capacity: number;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  /**
   * Accepts a reply that names no order, once.
   *
   * @param now milliseconds since the epoch
   * @returns false for a reply that was accepted before
   */
  accept({ headers, body }: Pick<Reply, 'headers' | 'body'>, now: number): boolean {
    const timestamp = headers.get('wechatpay-timestamp') ?? '';
    // The digest covers the signed message, not the signature: one message may have several valid signatures.
    const message = replyMessage(timestamp, headers.get('wechatpay-nonce') ?? '', body);
    const digest = createHash('sha256').update(message).digest('base64');
    if (this.#freshUntil.has(digest)) return false;
    this.#forget(now);
    // A reply may be dated ahead of our clock; it is then fresh for up to ten minutes.
    this.#freshUntil.set(digest, Number(timestamp) * 1000 + CLOCK_TOLERANCE_MS);
    return true;
  }

  #forget(now: number): void {
    for (const [oldest, freshUntil] of this.#freshUntil) {
      if (freshUntil >= now && this.#freshUntil.size < this.#capacity) return;
      this.#freshUntil.delete(oldest);
    }
  }
}
