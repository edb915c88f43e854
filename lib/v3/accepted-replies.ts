import { createHash } from 'node:crypto';
import type { Reply } from '../transport/http/reply.js';
import { replyMessage } from './canonical-message.js';
import { CLOCK_TOLERANCE_MS } from './message-verifier.js';

/** About 15 MB when it is full. */
const CAPACITY = 100_000;

/**
 * Remembers the verified replies that name no order, so that each is accepted once: the 204 of one close would otherwise
 * prove any other close as long as it is fresh.
 *
 * One for all merchants of an app: two registrations may have one key, and `replace` must not forget. When it is full, the
 * oldest is forgotten rather than a genuine reply refused: that takes more than 300 such replies a second, and then an old one
 * has to get past TLS.
 */
export class AcceptedReplies {
  /** When each stops to be fresh, by the digest of what was signed; the oldest first. */
  readonly #freshUntil = new Map<string, number>();
  readonly #capacity: number;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  /**
   * @param now milliseconds since the epoch
   * @returns false for a reply that was accepted before
   */
  accept({ headers, body }: Pick<Reply, 'headers' | 'body'>, now: number): boolean {
    const timestamp = headers.get('wechatpay-timestamp') ?? '';
    // What was signed, not the signature: there may be several valid ones of one message.
    const message = replyMessage(timestamp, headers.get('wechatpay-nonce') ?? '', body);
    const digest = createHash('sha256').update(message).digest('base64');
    if (this.#freshUntil.has(digest)) return false;
    this.#forget(now);
    // A reply may be dated ahead of our clock: it is fresh for up to ten minutes then.
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
