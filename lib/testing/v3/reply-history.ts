import type { Reply } from '../http/exchange.js';

/** Maximum number of replies; the same as the default of `keepRequests`. */
const CAPACITY = 1000;

/** Request that a reply was sent for. */
export interface RepliedRequest {
  readonly operation?: string;
  readonly outTradeNo?: string;
}

/** Signed replies, kept so that the fault `replayed` can repeat them. */
export class ReplyHistory {
  /** Replies by operation and order of the request, the oldest first. */
  readonly #replies = new Map<string, Reply>();
  /** Replies that contain no order number, by the order of the request, the oldest first. */
  readonly #namingNone = new Map<string, Reply>();

  /** Stores a reply if it is signed. */
  remember({ operation, outTradeNo }: RepliedRequest, reply: Reply): void {
    if (outTradeNo === undefined || !('Wechatpay-Signature' in reply.headers)) return;
    add(this.#replies, keyOf(operation, outTradeNo), reply);
    if (reply.status >= 300 || reply.body.length === 0) add(this.#namingNone, outTradeNo, reply);
  }

  /**
   * Returns the last reply to the same operation about another order, or the last one about it that contains no order number.
   *
   * @throws {Error} if there is none
   */
  lastReplyAbout(outTradeNo: string, operation?: string): Reply {
    const reply = this.#replies.get(keyOf(operation, outTradeNo)) ?? this.#namingNone.get(outTradeNo);
    if (reply !== undefined) return reply;
    throw new Error(
      `There is no signed reply to ${operation} about order "${outTradeNo}" to repeat, and none that names no order. Send that request first.`,
    );
  }
}

function add(replies: Map<string, Reply>, key: string, reply: Reply): void {
  replies.delete(key);
  replies.set(key, reply);
  const [oldest = ''] = replies.keys();
  if (replies.size > CAPACITY) replies.delete(oldest);
}

function keyOf(operation = '', outTradeNo: string): string {
  return `${operation} ${outTradeNo}`;
}
