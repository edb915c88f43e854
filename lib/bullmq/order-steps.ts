import { publishSettlement } from '../domain/flows/publish-settlement.js';
import { isNotFound } from '../errors/is-not-found.js';
import {
  nextStep,
  progressAfter,
  settledEvent,
  WxPayError,
  type StepResult,
  type WxPayMerchants,
} from '../index.js';
import type { Asked, JobSteps } from './job-steps.js';
import { expectMchid } from './mchid-of-job.js';
import { decodeOrderJob, encodeOrderJob, factsOf, type OrderJob, type OrderJobData } from './order-job.js';
import type { OrderSettledHandler } from './order-settled-handler.js';
import { parkingAfter } from './parking.js';

/** Time after its expiry in which an order has to be settled. A cause that lasts longer needs a person. */
const MAX_OVERDUE = { ms: 7 * 86_400_000, reason: 'not settled 7 days after it expired' };

/** Steps of an order: queries on the official schedule, a settlement when it expires, then the call of the handler. */
export class OrderSteps implements JobSteps<OrderJobData> {
  readonly #merchants: WxPayMerchants;
  readonly #handler: OrderSettledHandler;
  readonly #now: () => Date;

  constructor(merchants: WxPayMerchants, handler: OrderSettledHandler, now: () => Date) {
    this.#merchants = merchants;
    this.#handler = handler;
    this.#now = now;
  }

  subject({ no, sub }: OrderJobData): string {
    return sub === undefined ? `order ${no}` : `order ${no} of sub-merchant ${sub}`;
  }

  nextAt(data: OrderJobData, now: Date): Date | undefined {
    return nextOrderStepAt(data, now);
  }

  async ask(merchant: string, data: OrderJobData): Promise<Asked<OrderJobData>> {
    const job = decodeOrderJob(data);
    const result = await this.#request(merchant, data, job);
    const now = this.#now();
    const failure = failureOf(result);
    const progress = progressAfter(job, result, now);
    if (progress.outcome !== undefined) {
      // A settlement has published its own.
      if ('order' in result) {
        publishSettlement({ merchant, ref: job.ref, outcome: progress.outcome }, () => now.getTime());
      }
      const facts = factsOf(progress.outcome, result);
      return { data: encodeOrderJob({ ...job, ...progress, facts }), failure };
    }
    const maxAge = { ...MAX_OVERDUE, from: job.expiresAt };
    const { park, ...times } = parkingAfter(job, failure, maxAge, now);
    return { data: encodeOrderJob({ ...job, ...progress, faultSince: undefined, ...times }), failure, park };
  }

  expectMchid(merchant: string, data: OrderJobData): void {
    if (!this.#merchants.has(merchant)) return;
    expectMchid(this.#merchants.get(merchant), data, this.subject(data));
  }

  async deliver(merchant: string, data: OrderJobData): Promise<string> {
    const { ref, facts } = decodeOrderJob(data);
    if (facts === undefined) throw new TypeError(`The outcome of ${this.subject(data)} is not known yet.`);
    await this.#handler.settled(settledEvent({ ref, merchant }, facts));
    return facts.outcome;
  }

  /** Queries the order, or settles it if it has expired: a job that was hurried along must not close it early. */
  async #request(
    name: string,
    data: OrderJobData,
    { ref, createdAt, expiresAt }: OrderJob,
  ): Promise<StepResult> {
    try {
      const merchant = this.#merchants.get(name);
      expectMchid(merchant, data, this.subject(data));
      return this.#now() < expiresAt
        ? { order: await merchant.orderQuery.query(ref) }
        : { settlement: await merchant.orderSettle.settle(ref, { createdAt, expiresAt }) };
    } catch (error) {
      if (error instanceof WxPayError) return { error };
      throw error;
    }
  }
}

/** Returns the time of the next request for an order; undefined once its outcome is known. */
export function nextOrderStepAt(data: OrderJobData, now: Date): Date | undefined {
  const next = nextStep(decodeOrderJob(data), now);
  return 'at' in next ? next.at : undefined;
}

/** Returns the failure of a step that left the state of the order unknown. */
function failureOf(result: StepResult): WxPayError | undefined {
  if ('error' in result) return isNotFound(result.error) ? undefined : result.error;
  if ('settlement' in result && result.settlement.outcome === 'unresolved') return result.settlement.cause;
  return undefined;
}
