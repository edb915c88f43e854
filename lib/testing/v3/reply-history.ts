import type { Reply } from '../http/exchange.js';

/** Maximum number of replies; the same as the default of `keepRequests`. */
const CAPACITY = 1000;

/** Signed replies that contain no order number, kept so that the fault `replayed` can repeat them. */
export class ReplyHistory {
  /** Replies by the order of the request, the oldest first. */
  readonly #replies = new Map<string, Reply>();

  /** Stores a reply if it is signed and contains no order number. */
  remember(outTradeNo: string | undefined, reply: Reply): void {
    const namesNone = reply.status >= 300 || reply.body.length === 0;
    if (outTradeNo === undefined || !namesNone || !('Wechatpay-Signature' in reply.headers)) return;
    this.#replies.delete(outTradeNo);
    this.#replies.set(outTradeNo, reply);
    const [oldest = ''] = this.#replies.keys();
    if (this.#replies.size > CAPACITY) this.#replies.delete(oldest);
  }

  /** Returns the last stored reply to a request about an order. @throws {Error} if there is none */
  lastReplyAbout(outTradeNo: string): Reply {
    const reply = this.#replies.get(outTradeNo);
    if (reply !== undefined) return reply;
    throw new Error(
      `There is no signed reply about order "${outTradeNo}" to repeat that names no order. Close it first.`,
    );
  }
}
