import { afterEach, beforeEach, expect, jest } from '@jest/globals';
import type { CallOptions, QueryOptions } from '../../../lib/domain/options.js';
import type { OrderRef } from '../../../lib/domain/order-ref.js';
import type { OrderApi } from '../../../lib/domain/ports/apis.js';
import type { CloseReply } from '../../../lib/domain/ports/close-reply.js';
import type { Order } from '../../../lib/domain/order.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { OrderQueryService } from '../../../lib/orders/order-query.service.js';
import { accessTo } from '../harness/access-to.js';
import { order } from '../harness/watched-order.js';

/** A query that arrived and waits for its answer. */
export interface AskedQuery {
  readonly ref: OrderRef;
  readonly timeoutMs: number;
  readonly answer: (order: Order) => void;
  readonly fail: (error: Error) => void;
  /** Undefined while it is under way. */
  ended?: 'answered' | 'failed' | 'given up' | 'out of time';
}

/** A gateway that answers when the test says so; queries end by themselves when their time is up or their signal says so. */
export class Answering implements OrderApi {
  readonly terms = { merchant: 'default', timeoutMs: 10_000, minOrderAgeMs: 0, hosts: [] };
  readonly asked: AskedQuery[] = [];
  readonly service = new OrderQueryService(accessTo(() => this));

  get underWay(): AskedQuery[] {
    return this.asked.filter(({ ended }) => ended === undefined);
  }

  query(ref: OrderRef, { signal, timeoutMs = this.terms.timeoutMs }: CallOptions = {}): Promise<Order> {
    return new Promise((resolve, reject) => {
      const end = (how: AskedQuery['ended'], settle: () => void): void => {
        if (asked.ended !== undefined) return;
        asked.ended = how;
        clearTimeout(timer);
        settle();
      };
      const timer = setTimeout(
        () =>
          end('out of time', () => reject(new WxPayTransportError('Nobody answered.', { timedOut: true }))),
        timeoutMs,
      );
      const asked: AskedQuery = {
        ref,
        timeoutMs,
        answer: (answer) => end('answered', () => resolve(answer)),
        fail: (error) => end('failed', () => reject(error)),
      };
      this.asked.push(asked);
      signal?.addEventListener('abort', () => end('given up', () => reject(signal.reason as Error)));
    });
  }

  /** A query that may share, as an app makes it. */
  share(options: QueryOptions = {}, ref: OrderRef = { outTradeNo: 'T1' }): Promise<Order> {
    return this.service.query(ref, { ...options, share: true });
  }

  /** Answers every query that is under way. */
  answerAll(tradeState: string): void {
    for (const { answer } of this.underWay) answer(order(tradeState));
  }

  close(): Promise<CloseReply> {
    return Promise.resolve({ outcome: 'closed' });
  }
}

/** A new gateway for each test of a file, in virtual time; a test that leaves a timer behind fails. */
export function useAnswering(): { readonly gateway: Answering } {
  let gateway: Answering;
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    gateway = new Answering();
  });
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
  return {
    get gateway() {
      return gateway;
    },
  };
}
