import { lastValueFrom, tap } from 'rxjs';
import { setTimeout as delay } from 'node:timers/promises';
import { WxPayError, type AttemptEvent, type Refund, type RefundRequest } from 'nestjs-wxpay';
import type { MockRefund } from 'nestjs-wxpay/testing';
import { attemptsOf } from './attempts-of.js';
import { Calls } from './calls.js';
import { stranger } from './customer.js';
import { wasAnsweredOnce, type Desk } from './desk.js';
import type { OrderName, RefundName } from './history.js';
import type { OperationName } from './plan.js';
import type { Stage } from './stage.js';
import type { Offence } from './tally.js';

/** How often a shop asks for a refund. */
const TRIES = 4;
const WATCH_MS = 800;
const SCHEDULE_MS = [20, 60, 150];
/** When the bank has sent the money, or refused it, in milliseconds. */
const BANK_MS = 400;

/** A shop that gives money back, and has to know which refunds exist. */
export class RefundsDesk {
  readonly #stage: Stage;
  readonly #desk: Desk;
  readonly #operation: OperationName;
  readonly #timeoutMs: number;
  readonly #calls: Calls;
  /** What an earlier call may have had made, or may still have: its request may arrive late. */
  readonly #doubtful = new Set<RefundRequest>();

  constructor(stage: Stage, desk: Desk, { operation, timeoutMs }: RefundsDeskTerms) {
    this.#stage = stage;
    this.#desk = desk;
    this.#operation = operation;
    this.#timeoutMs = timeoutMs;
    this.#calls = new Calls(stage);
  }

  /** Refunds a part of an order: under another number only if the first refund certainly does not exist. */
  async refund(order: OrderName): Promise<void> {
    const { tally, chance } = this.#stage;
    const total = chance.between(1, 1_000);
    this.#sell(order, total);
    const requests = [this.#request(order, total, 0)];
    await this.#prepare(order);
    for (let tries = 0; tries < TRIES; tries++) {
      // Sound: it begins with one.
      const request = requests.at(-1) as RefundRequest;
      const failure = await this.#ask(request);
      if (failure === undefined || !failure.retryable) break;
      const isNew = !this.#doubtful.has(request) && this.#states(request, 0).length === 0;
      if (isNew) requests.push(this.#request(order, total, requests.length));
    }
    const made = requests.filter((request) => this.#states(request, 0).length > 0);
    if (made.length > 1) {
      tally.offended(twice(made[0], 'made, said not to be, and made again under another number'));
    }
    for (const request of made) await this.#follow(request);
  }

  #sell(order: OrderName, total: number): void {
    const { gateway } = this.#desk;
    gateway.orders.create({ ...order, amount: { total } });
    gateway.orders.pay({ ...order }, { openid: stranger(this.#stage.world) });
  }

  #request(order: OrderName, total: number, serial: number): RefundRequest {
    const { gateway } = this.#desk;
    const { outTradeNo, subMchid } = order;
    const transactionId = gateway.orders.find({ ...order })?.transactionId;
    const key =
      this.#stage.chance.happens(0.5) && transactionId !== undefined ? { transactionId } : { outTradeNo };
    return {
      ...key,
      ...(subMchid && { subMchid }),
      outRefundNo: `${outTradeNo}-refund-${serial}`,
      // Twice as much may be given back, so that a second refund is not refused.
      amount: { refund: Math.max(1, Math.floor(total / 2)), total },
      reason: 'The tea was cold',
    };
  }

  /** What happens to the first request: nothing; a page with 403; a refusal; or the reply to another refund. */
  async #prepare(order: OrderName): Promise<void> {
    const { chance } = this.#stage;
    const { gateway, merchant } = this.#desk;
    const when = { operation: 'refund.create', outTradeNo: order.outTradeNo };
    const isV3 = merchant.api === 'v3';
    switch (chance.one(['nothing', 'nothing', 'page', 'refusal', 'replay'] as const)) {
      case 'page':
        return gateway.next({ when, fault: 'html', status: 403 });
      case 'refusal':
        return gateway.next({ when, status: isV3 ? 403 : 200, code: isV3 ? 'NOT_ENOUGH' : 'NOTENOUGH' });
      case 'replay':
        return isV3 ? this.#confuse(order) : undefined;
      default:
    }
  }

  /** Something on the way answers with the signed reply to another refund. */
  async #confuse(order: OrderName): Promise<void> {
    const { gateway } = this.#desk;
    const other = { ...order, outTradeNo: `${order.outTradeNo}-o` };
    this.#sell(other, 10);
    await this.#ask(this.#request(other, 10, 0));
    if (!wasAnsweredOnce(this.#desk, 'refund.create', other.outTradeNo)) return;
    gateway.next({
      when: { operation: 'refund.create', outTradeNo: order.outTradeNo },
      fault: 'replayed',
      outTradeNo: other.outTradeNo,
    });
  }

  /** @returns how it failed, if it did so otherwise than by the caller leaving */
  async #ask(request: RefundRequest): Promise<WxPayError | undefined> {
    const { refunds, api } = this.#desk.merchant;
    const since = performance.now();
    const isDoubtful = this.#states(request, 0).length > 0 || this.#doubtful.has(request);
    let failure: WxPayError | undefined;
    const attempts = await attemptsOf(() =>
      this.#calls.run({
        operation: this.#operation,
        name: { outTradeNo: request.outRefundNo },
        timeoutMs: this.#timeoutMs,
        make: (signal) =>
          refunds.refund(request, { signal, timeoutMs: this.#timeoutMs }).catch((error: unknown) => {
            if (error instanceof WxPayError) failure = error;
            throw error;
          }),
        end: ({ status }) => status,
        // Over APIv2, the reply does not say what became of the refund.
        judge: (refund) => this.#made(refund, request, { since, hasStatus: api === 'v3' }),
        blame: (error) =>
          !isDoubtful && this.#states(request, 0).length > 0 && error.outcomeUnknown !== true
            ? twice(request, `${error.code} without outcomeUnknown, but it was made`)
            : undefined,
      }),
    );
    if (failure?.outcomeUnknown === true) this.#doubtful.add(request);
    this.#stage.tally.offended(sentAgain(request, attempts));
    return failure;
  }

  /** Queries it, or watches it, while the bank sends the money. */
  async #follow({ outRefundNo, subMchid }: RefundRequest): Promise<void> {
    const { chance, tally } = this.#stage;
    const { refunds } = this.#desk.merchant;
    const ref = { outRefundNo, ...(subMchid !== undefined && { subMchid }) };
    const bank = this.#settle(ref);
    let since = performance.now();
    const look = (refund: Refund): void => {
      tally.offended(this.#made(refund, ref, { since, hasStatus: true }));
      since = performance.now();
    };
    await this.#calls.run({
      operation: this.#operation,
      name: { outTradeNo: outRefundNo },
      timeoutMs: WATCH_MS + this.#timeoutMs,
      make: (signal) => {
        if (chance.happens(0.5)) return refunds.query(ref, { signal, timeoutMs: this.#timeoutMs });
        const until = new Date(Date.now() + WATCH_MS);
        const changes = refunds.watch(ref, { signal, until, scheduleMs: SCHEDULE_MS });
        return lastValueFrom(changes.pipe(tap(look)), { defaultValue: undefined });
      },
      end: (last) => last?.status ?? 'nothing seen',
      judge: (refund, from) => refund && this.#made(refund, ref, { since: from, hasStatus: true }),
      blame: () => undefined,
    });
    await bank;
  }

  async #settle(ref: RefundName): Promise<void> {
    const { chance } = this.#stage;
    await delay(chance.between(0, BANK_MS));
    const status = chance.one(['SUCCESS', 'SUCCESS', 'ABNORMAL', 'CLOSED', undefined] as const);
    if (status !== undefined) this.#desk.gateway.refunds.settle(ref, status);
  }

  #states(ref: RefundName, since: number): readonly MockRefund[] {
    return this.#desk.history.refundSince(ref, since);
  }

  /** A refund that is reported exists, as it is reported. */
  #made(
    said: Refund,
    ref: RefundName,
    { since, hasStatus }: { readonly since: number; readonly hasStatus: boolean },
  ): Offence | undefined {
    const known = this.#states(ref, since);
    const isSo = known.some(
      (refund) =>
        refund.outRefundNo === said.outRefundNo &&
        refund.outTradeNo === said.outTradeNo &&
        refund.refundId === said.refundId &&
        refund.transactionId === said.transactionId &&
        refund.amount.refund === said.amount.refund &&
        refund.amount.total === said.amount.total &&
        (refund.status === said.status || (!hasStatus && said.status === 'PROCESSING')),
    );
    if (isSo) return undefined;
    const were = known.map(({ status }) => status).join(', then ') || 'never made';
    return ['refunds not made', `${ref.outRefundNo}: reported as ${said.status}, but it was ${were}`];
  }
}

export interface RefundsDeskTerms {
  readonly operation: 'refund' | 'refund.v2';
  readonly timeoutMs: number;
}

function twice(request: RefundName | undefined, how: string): Offence {
  return ['refunds sent twice', `${request?.outRefundNo}: ${how}`];
}

/** After a refusal, nothing more is sent: faulty requests are counted. */
function sentAgain(request: RefundRequest, attempts: readonly AttemptEvent[]): Offence | undefined {
  const isSentAgain = attempts.some(
    (attempt, index) => isRefused(attempt) && (attempts[index + 1]?.attempt ?? 1) > 1,
  );
  return isSentAgain ? twice(request, 'sent again after a refusal') : undefined;
}

function isRefused({ operation, outcome, httpStatus = 0, error }: AttemptEvent): boolean {
  const is4xx = httpStatus >= 400 && httpStatus < 500 && httpStatus !== 429;
  const isSeen = outcome === 'refused' || error?.type === 'transport';
  return operation === 'refund.create' && ((is4xx && isSeen) || error?.code === 'NOT_ENOUGH');
}
