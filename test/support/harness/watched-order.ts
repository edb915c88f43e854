import type { Subscription } from 'rxjs';
import type { CallOptions, WatchOptions } from '../../../lib/domain/options.js';
import type { OrderApi } from '../../../lib/domain/ports/apis.js';
import type { CloseReply } from '../../../lib/domain/ports/close-reply.js';
import type { Order } from '../../../lib/domain/order.js';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { OrderQueryService } from '../../../lib/orders/order-query.service.js';
import { accessTo } from './access-to.js';

/** An order of that state. */
export const order = (tradeState: string, fields: Partial<Order> = {}): Order => ({
  mchid: '1900000001',
  outTradeNo: 'T1',
  tradeState,
  tradeStateDesc: '',
  raw: {},
  ...fields,
});
export const refusal = (code: string, retryAfterMs?: number): WxPayApiError =>
  new WxPayApiError({
    call: { operation: 'order.query', subject: 'order T1', merchant: 'default' },
    code,
    httpStatus: 400,
    signed: false,
    retryAfterMs,
  });
export const silence = new WxPayTransportError('silence');

type Step = Order | Error | 'hang';

/** A gateway that answers as scripted, the last answer again and again, and what a subscriber saw of it. */
export class Watched implements OrderApi {
  readonly terms = {
    merchant: 'default',
    timeoutMs: 10_000,
    minOrderAgeMs: 300_000,
    hosts: ['https://main'],
  };
  readonly askedAt: number[] = [];
  readonly seen: unknown[] = [];
  readonly subscription: Subscription;
  signal?: AbortSignal;
  timeoutMs?: number;
  readonly #startedAt = Date.now();
  readonly #steps: Step[];

  constructor(steps: readonly Step[], options: WatchOptions = {}, ref = { outTradeNo: 'T1' }) {
    this.#steps = [...steps];
    const service = new OrderQueryService(
      accessTo(
        () => this,
        () => Date.now(),
      ),
    );
    this.subscription = service.watch(ref, options).subscribe({
      next: ({ tradeState }) => this.seen.push(tradeState),
      error: (error: unknown) => this.seen.push(error),
      complete: () => this.seen.push('complete'),
    });
  }

  async query(_ref: unknown, { signal, timeoutMs }: CallOptions = {}): Promise<Order> {
    this.askedAt.push((Date.now() - this.#startedAt) / 1000);
    Object.assign(this, { signal, timeoutMs });
    const step = this.#steps.length > 1 ? this.#steps.shift() : this.#steps[0];
    if (step instanceof Error) throw step;
    if (step !== undefined && step !== 'hang') return step;
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('aborted')));
      setTimeout(() => reject(silence), timeoutMs);
    });
  }

  close(): Promise<CloseReply> {
    return Promise.reject(new Error('A watch closes nothing.'));
  }
}
