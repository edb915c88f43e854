import type { CallOptions, QueryManyOptions } from '../../../lib/domain/options.js';
import type { OrderRef } from '../../../lib/domain/order-ref.js';
import type { OrderApi } from '../../../lib/domain/ports/apis.js';
import type { CloseReply } from '../../../lib/domain/ports/close-reply.js';
import type { Order } from '../../../lib/domain/order.js';
import type { QueryOutcome } from '../../../lib/domain/flows/query-many.js';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { OrderQueryService } from '../../../lib/orders/order-query.service.js';
import { accessTo } from '../harness/access-to.js';

export const refusal = (code: string, retryAfterMs?: number): WxPayApiError =>
  new WxPayApiError({
    call: { operation: 'order.query', subject: 'an order', merchant: 'default' },
    code,
    httpStatus: code === 'FREQUENCY_LIMITED' ? 429 : 403,
    signed: false,
    retryAfterMs,
  });

export type Answer = (outTradeNo: string, signal: AbortSignal | undefined) => Promise<void> | void;

/** A gateway whose answers a test decides; it counts what is under way. */
export class Counting implements OrderApi {
  readonly terms = { merchant: 'default', timeoutMs: 10_000, minOrderAgeMs: 0, hosts: [] };
  readonly asked: string[] = [];
  underWay = 0;
  most = 0;
  readonly #answer: Answer;

  constructor(answer: Answer = () => undefined) {
    this.#answer = answer;
  }

  async query({ outTradeNo = '' }: OrderRef, { signal }: CallOptions = {}): Promise<Order> {
    this.asked.push(outTradeNo);
    this.most = Math.max(this.most, ++this.underWay);
    try {
      await this.#answer(outTradeNo, signal);
    } finally {
      this.underWay--;
    }
    return { mchid: '1', outTradeNo, tradeState: 'NOTPAY', tradeStateDesc: '', raw: {} };
  }

  close(): Promise<CloseReply> {
    return Promise.reject(new Error('Nothing is to be closed.'));
  }

  many(
    refs: Iterable<OrderRef> | AsyncIterable<OrderRef>,
    options?: QueryManyOptions,
  ): AsyncGenerator<QueryOutcome, void, undefined> {
    const service = new OrderQueryService(accessTo(() => this));
    return service.queryMany(refs, options);
  }
}

/** References that tell how many were taken and whether the source was closed. */
export class Source {
  taken = 0;
  closed = false;
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  *[Symbol.iterator](): Generator<OrderRef> {
    try {
      while (this.taken < this.#count) yield { outTradeNo: `T${++this.taken}` };
    } finally {
      this.closed = true;
    }
  }
}

/** One line for each outcome. */
export async function collect(outcomes: AsyncIterable<QueryOutcome>): Promise<string[]> {
  const lines: string[] = [];
  for await (const { ref, order, error } of outcomes) {
    lines.push(`${ref?.outTradeNo} ${order?.tradeState ?? error?.code}`);
  }
  return lines;
}
