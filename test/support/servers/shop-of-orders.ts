import {
  OrderSweepService,
  WxPayConfigError,
  type Order,
  type SweepOptions,
  type SweepOutcome,
  type TrackedOrder,
} from 'nestjs-wxpay';
import type { CloseReply } from '../../../lib/domain/ports/close-reply.js';
import type { OrderApi } from '../../../lib/domain/ports/apis.js';
import type { CloseOrderRef, OrderRef } from '../../../lib/domain/order-ref.js';
import type { CallOptions } from '../../../lib/domain/options.js';
import { accessTo } from '../harness/access-to.js';

/** Behaviour of one call, before it is answered; it may throw. */
export type Before = (outTradeNo: string, signal: AbortSignal | undefined) => Promise<void> | void;

/** Merchants in the process, whose orders are open until they are closed or `states` says otherwise. */
export class ShopOfOrders {
  /** States by order number. */
  readonly states = new Map<string, string>();
  /** Calls in the order in which they arrived, such as `default query T1`. */
  readonly calls: string[] = [];
  readonly closing = new AbortController();
  before: Before = () => undefined;
  now = (): number => Date.now();

  /** Sweeps orders of the merchants `default` and `eu`. */
  sweep<T extends TrackedOrder>(
    open: Iterable<T> | AsyncIterable<T>,
    options?: SweepOptions,
  ): AsyncGenerator<SweepOutcome<T>, void, undefined> {
    const service = new OrderSweepService({
      of: (name) => {
        if (name !== 'default' && name !== 'eu') throw new WxPayConfigError([`There is no "${name}".`]);
        return accessTo(() => this.#apiOf(name), this.now);
      },
      now: this.now,
      closing: this.closing.signal,
    });
    return service.sweep(open, options);
  }

  #apiOf(merchant: string): OrderApi {
    return {
      terms: { merchant, timeoutMs: 10_000, minOrderAgeMs: 300_000, hosts: ['https://a.example'] },
      query: async ({ outTradeNo = '' }: OrderRef, { signal }: CallOptions = {}): Promise<Order> => {
        this.calls.push(`${merchant} query ${outTradeNo}`);
        await this.before(outTradeNo, signal);
        const tradeState = this.states.get(outTradeNo) ?? 'NOTPAY';
        return { mchid: '1', outTradeNo, tradeState, tradeStateDesc: '', raw: {} };
      },
      close: ({ outTradeNo }: CloseOrderRef): Promise<CloseReply> => {
        this.calls.push(`${merchant} close ${outTradeNo}`);
        if (!this.states.has(outTradeNo)) this.states.set(outTradeNo, 'CLOSED');
        return Promise.resolve({ outcome: 'closed' });
      },
    };
  }
}

/** One line for each outcome, such as `T1 paid`. */
export async function linesOf(outcomes: AsyncIterable<SweepOutcome>): Promise<string[]> {
  const lines: string[] = [];
  for await (const outcome of outcomes) lines.push(lineOf(outcome));
  return lines;
}

export function lineOf({ order, settlement, state, error }: SweepOutcome): string {
  return `${order?.ref?.outTradeNo} ${settlement?.outcome ?? state?.tradeState ?? error?.code}`;
}
