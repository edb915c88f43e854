import { createHash } from 'node:crypto';
import type { OrderRef } from '../domain/order-ref.js';
import type { ReplyOfOrder } from './operation.js';

/** About 16 MB of memory when full. */
const CAPACITY = 100_000;

/**
 * Remembers for which order each verified APIv2 reply that names none was accepted, and accepts it for no other order.
 * Otherwise the `code_url` of one order could be shown to the customer of another, who would pay the wrong order.
 *
 * The replies have no date, so none becomes too old: when the record is full, it forgets the oldest reply instead of refusing
 * a verified one. An attacker can then repeat that reply, but still has to get past TLS, and a `prepay_id` is valid for two
 * hours only. All merchants of an app share one instance, so that `replace` does not forget replies.
 */
export class AcceptedV2Replies {
  /** Order of each reply, by the digest of what identifies the reply; the oldest first. */
  readonly #orders = new Map<string, string>();
  readonly #capacity: number;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  /**
   * Accepts a reply for one order. WeChat Pay may send the same reply about the same order again.
   *
   * @returns false for a reply that was accepted for another order
   */
  accept(mchid: string, { order, identifiedBy }: ReplyOfOrder): boolean {
    if (!identifiedBy) return true;
    // The number of the merchant is part of it: tenants, who can sign their own replies, cannot claim those of others.
    const reply = createHash('sha256').update(`${mchid} ${identifiedBy}`).digest('base64');
    const owner = ownerOf(order);
    const earlier = this.#orders.get(reply);
    if (earlier !== undefined) return earlier === owner;
    const [oldest] = this.#orders.keys();
    if (oldest !== undefined && this.#orders.size >= this.#capacity) this.#orders.delete(oldest);
    this.#orders.set(reply, owner);
    return true;
  }
}

/** Identifies an order among those of its merchant. Joined, not concatenated: a string of parts would take more memory. */
function ownerOf({ subMchid = '', outTradeNo = '', transactionId = '' }: OrderRef): string {
  return [subMchid, outTradeNo, transactionId].join('/');
}
