import type { Reply } from '../http/exchange.js';

/** As many as requests are remembered by default. */
const CAPACITY = 1000;

/** Remembers the signed replies that name no order, so that the fault `replayed` can give one of them once more. */
export class GivenReplies {
  /** By the order of the request; the oldest first. */
  readonly #replies = new Map<string, Reply>();

  /** Remembers a reply as it was given; others than those are ignored. */
  remember(outTradeNo: string | undefined, reply: Reply): void {
    const namesNone = reply.status >= 300 || reply.body.length === 0;
    if (outTradeNo === undefined || !namesNone || !('Wechatpay-Signature' in reply.headers)) return;
    this.#replies.delete(outTradeNo);
    this.#replies.set(outTradeNo, reply);
    const [oldest = ''] = this.#replies.keys();
    if (this.#replies.size > CAPACITY) this.#replies.delete(oldest);
  }

  /** The last one given to a request about this order. @throws {Error} if there is none */
  lastAbout(outTradeNo: string): Reply {
    const reply = this.#replies.get(outTradeNo);
    if (reply !== undefined) return reply;
    throw new Error(
      `There is no signed reply about order "${outTradeNo}" to repeat that names no order. Close it first.`,
    );
  }
}
