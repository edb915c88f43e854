import type { MockOrder } from './mock-order.js';

const CLOSABLE_AFTER_MS = 5 * 60_000;
const REVERSIBLE_AFTER_MS = 15_000;

/**
 * Minimum ages of orders for closing and reversing. The rules and these texts are published, the codes are not.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_3
 * @see https://pay.weixin.qq.com/wiki/doc/api/micropay.php?chapter=9_11&index=3
 */
export class AgeRules {
  readonly #apply: boolean;
  readonly #now: () => number;

  /** @param options `ageRules: false` accepts orders of any age */
  constructor({ ageRules, now }: { readonly ageRules: boolean; readonly now: () => number }) {
    this.#apply = ageRules;
    this.#now = now;
  }

  /** Returns the text of the refusal to close an order over APIv2; undefined if it is old enough. */
  refusalToClose(order: MockOrder): string | undefined {
    return this.#isYounger(order, CLOSABLE_AFTER_MS)
      ? '订单生成后不能马上调用关单接口，最短调用时间间隔为5分钟'
      : undefined;
  }

  /** Returns the text of the refusal to reverse an order; undefined if it is old enough. */
  refusalToReverse(order: MockOrder): string | undefined {
    // Reversing a reversed order again succeeds at any time.
    if (order.tradeState === 'REVOKED') return undefined;
    return this.#isYounger(order, REVERSIBLE_AFTER_MS)
      ? '调用支付接口后请勿立即调用撤销订单API，建议支付后至少15s后再调用撤销订单接口'
      : undefined;
  }

  #isYounger({ createdAt }: MockOrder, ageMs: number): boolean {
    return this.#apply && this.#now() - createdAt.getTime() < ageMs;
  }
}
