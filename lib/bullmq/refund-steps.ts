import { isNotFound } from '../errors/is-not-found.js';
import {
  nextRefundStep,
  refundProgressAfter,
  refundSettledEvent,
  WxPayConfigError,
  WxPayError,
  type Refund,
  type WxPayMerchants,
} from '../index.js';
import type { Asked, JobSteps } from './job-steps.js';
import { expectMchid } from './mchid-of-job.js';
import type { OrderSettledHandler } from './order-settled-handler.js';
import { parkingAfter } from './parking.js';
import { decodeRefundJob, encodeRefundJob, type RefundJobData } from './refund-job.js';

/** Time in which a refund has to be final, 14 days: WeChat Pay finishes or closes it within 7. */
const MAX_AGE = { ms: 14 * 86_400_000, reason: 'not final after 14 days' };

/** Steps of a refund: queries at the official pace, then the call of the handler. */
export class RefundSteps implements JobSteps<RefundJobData> {
  readonly #merchants: WxPayMerchants;
  readonly #handler: OrderSettledHandler;
  readonly #now: () => Date;

  constructor(merchants: WxPayMerchants, handler: OrderSettledHandler, now: () => Date) {
    this.#merchants = merchants;
    this.#handler = handler;
    this.#now = now;
  }

  subject({ rno, sub }: RefundJobData): string {
    return sub === undefined ? `refund ${rno}` : `refund ${rno} of sub-merchant ${sub}`;
  }

  nextAt(data: RefundJobData, now: Date): Date | undefined {
    return nextRefundStepAt(data, now);
  }

  async ask(merchant: string, data: RefundJobData): Promise<Asked<RefundJobData>> {
    const job = decodeRefundJob(data);
    const result = await attempt(() => {
      const registered = this.#merchants.get(merchant);
      expectMchid(registered, data, this.subject(data));
      return registered.refunds.query(job.ref);
    });
    const now = this.#now();
    const progress = refundProgressAfter(job, result, now);
    const failure = failureOf(result);
    if (progress.outcome !== undefined && 'refund' in result) {
      return { data: encodeRefundJob({ ...job, ...progress, refund: result.refund }), failure };
    }
    const maxAge = { ...MAX_AGE, from: job.createdAt };
    const { park, ...times } = parkingAfter(job, failure, maxAge, now);
    return { data: encodeRefundJob({ ...job, ...progress, faultSince: undefined, ...times }), failure, park };
  }

  expectMchid(merchant: string, data: RefundJobData): void {
    if (!this.#merchants.has(merchant)) return;
    expectMchid(this.#merchants.get(merchant), data, this.subject(data));
  }

  async deliver(merchant: string, data: RefundJobData): Promise<string> {
    const { ref, outcome, refund } = decodeRefundJob(data);
    if (outcome === undefined || refund === undefined) {
      throw new TypeError(`The status of ${this.subject(data)} is not known yet.`);
    }
    if (this.#handler.refunded === undefined) throw lacksRefunded();
    await this.#handler.refunded(refundSettledEvent({ ref, merchant }, outcome, refund));
    return outcome;
  }
}

/** Creates the error of a refund that no handler takes. */
export function lacksRefunded(): WxPayConfigError {
  return new WxPayConfigError([
    'Refunds are tracked, but the handler of OrderTrackingModule has no refunded(event). Add it.',
  ]);
}

/** Returns the time of the next query of a refund; undefined once its final status is known. */
export function nextRefundStepAt(data: RefundJobData, now: Date): Date | undefined {
  const next = nextRefundStep(decodeRefundJob(data), now);
  return 'at' in next ? next.at : undefined;
}

type Result = { readonly refund: Refund } | { readonly error: WxPayError };

async function attempt(query: () => Promise<Refund>): Promise<Result> {
  try {
    return { refund: await query() };
  } catch (error) {
    if (error instanceof WxPayError) return { error };
    throw error;
  }
}

/** Returns the failure of a query that left the status unknown. */
function failureOf(result: Result): WxPayError | undefined {
  return 'error' in result && !isNotFound(result.error) ? result.error : undefined;
}
