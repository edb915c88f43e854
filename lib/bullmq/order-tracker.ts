import type { JobsOptions } from 'bullmq';
import {
  checkTrackedOrder,
  checkTrackedRefund,
  nextRefundStep,
  nextStep,
  orderKey,
  refundKey,
  WxPayConfigError,
  type CloseOrderRef,
  type Order,
  type RefundRef,
  type TrackedOrder,
} from '../index.js';
import { addOrderJob } from './add-order-job.js';
import { addRefundJob } from './add-refund-job.js';
import { cancelJob, hurryJob } from './hurry-job.js';
import { lagOf } from './lag.js';
import { orderJobId, refundJobId } from './job-id.js';
import { encodeOrderJob } from './order-job.js';
import { readOwnJob, type OwnJob } from './own-job.js';
import { placeOf, retryJob } from './parked-jobs.js';
import { QueueCalls } from './queue-calls.js';
import { encodeRefundJob } from './refund-job.js';
import { lacksRefunded } from './refund-steps.js';
import {
  isRefundData,
  orderStateOf,
  refundStateOf,
  type TrackedRefundState,
  type TrackedState,
} from './tracked-state.js';
import type { TrackingParts } from './tracking-parts.js';
import type { BusyJob } from './while-busy.js';

/**
 * Tracks orders and refunds until their outcome is known, across processes and restarts. {@link OrderSettledHandler} takes the
 * outcomes.
 *
 * Each method rejects with an {@link OrderTrackingError} if Redis does not answer within `trackTimeoutMs`, and with a
 * WxPayConfigError if the merchant is not registered.
 */
export class OrderTracker {
  readonly #parts: TrackingParts;
  readonly #calls: QueueCalls;

  /** @internal */
  constructor(parts: TrackingParts) {
    // Nest passes no argument to a class that the app lists in its providers.
    if ((parts as TrackingParts | undefined) === undefined) {
      throw new WxPayConfigError([
        'OrderTracker is provided by OrderTrackingModule: remove it from providers, and import OrderTrackingModule.forRoot({ … }) once, with isGlobal: true if other modules inject it.',
      ]);
    }
    this.#parts = parts;
    this.#calls = new QueueCalls(parts);
  }

  /**
   * Tracks an order: queries it on the official schedule, settles it when it expires, and delivers the outcome to the handler.
   * Tracking it again changes nothing until an hour after the outcome was delivered; from then on, tracking starts anew, and the
   * outcome is delivered again, under the same key.
   *
   * If the number was placed again, as a later `createdAt` or `expiresAt` shows, the times of the later placing count.
   *
   * Track it right after placing it. The job and the order in the shop's own table are not written in one transaction: a sweep now
   * and then finds an order that was not tracked.
   *
   * @param order as placing returns it, with `merchant` unless it is the default one
   * @throws {WxPayInputError} if a member is malformed
   * @throws {OrderTrackingError} if Redis did not take it in time: it may be tracked or not, so track it again
   * @throws {OrderTrackingError} if a step for an earlier placing of this number does not end in time
   * @throws {OrderTrackingError} `retryable: false`, if the order is parked
   * @throws {OrderTrackingError} `retryable: false`, if an app with another `mchid` tracks the number under the same prefix
   */
  async track(order: TrackedOrder): Promise<void> {
    const now = new Date();
    const checked = checkTrackedOrder(order, now);
    const { mchid } = this.#parts.merchants.get(checked.merchant);
    const job = { ...checked, mchid, checks: 0, failures: 0 };
    const first = nextStep(job, now);
    const delay = 'at' in first ? first.at.getTime() - now.getTime() : 0;
    const options = this.#jobOptions(orderJobId(checked.ref), delay);
    const key = orderKey(checked.merchant, checked.ref);
    await this.#calls.onRegistered(
      `track order ${checked.ref.outTradeNo}`,
      checked.merchant,
      async (queue, merchant) => {
        await this.#parts.queues.known.add(merchant);
        await addOrderJob(queue, { ...this.#busy(checked.ref), key, data: encodeOrderJob(job), options });
      },
    );
  }

  /**
   * Tracks a refund at the official pace until it is final, and delivers it to `refunded` of the handler. A refund that was
   * delivered as `ABNORMAL` may be tracked again, for example after `refundAbnormal`, but only once the handler has returned.
   *
   * @param ref the number of the refund; a `RefundRequest` or a `Refund` is valid, too
   * @param merchant the registered name; default: the default merchant
   * @throws {WxPayInputError} if the reference is malformed
   * @throws {WxPayConfigError} if the handler has no `refunded`
   * @throws {OrderTrackingError} if Redis did not take it in time: it may be tracked or not, so track it again
   * @throws {OrderTrackingError} while `ABNORMAL` is being delivered to the handler, perhaps again
   * @throws {OrderTrackingError} `retryable: false`, if the refund is parked
   * @throws {OrderTrackingError} `retryable: false`, if an app with another `mchid` tracks the number under the same prefix
   */
  async trackRefund(ref: RefundRef, merchant?: string): Promise<void> {
    const checked = checkTrackedRefund(ref, merchant);
    if (this.#parts.handler.refunded === undefined) throw lacksRefunded();
    const now = new Date();
    const { mchid } = this.#parts.merchants.get(checked.merchant);
    const job = { ref: checked.ref, mchid, createdAt: now, checks: 0, failures: 0 };
    const first = nextRefundStep(job, now);
    const delay = 'at' in first ? first.at.getTime() - now.getTime() : 0;
    const { outRefundNo } = checked.ref;
    await this.#calls.onRegistered(`track refund ${outRefundNo}`, checked.merchant, async (queue, name) => {
      await this.#parts.queues.known.add(name);
      await addRefundJob(queue, {
        subject: `refund ${outRefundNo}`,
        key: refundKey(name, checked.ref),
        data: encodeRefundJob(job),
        options: this.#jobOptions(refundJobId(checked.ref), delay),
      });
    });
  }

  /**
   * Stops tracking an order, for example because the app has closed it itself.
   *
   * @returns true if the order was tracked and is no longer: no outcome is delivered from now on. False if it is not tracked, while a
   * settlement is under way, and once its outcome is known
   * @throws {OrderTrackingError} also if the query under way does not end soon
   */
  async cancel(ref: CloseOrderRef, merchant?: string): Promise<boolean> {
    orderKey(merchant ?? 'default', ref);
    return this.#calls.onRegistered(`cancel order ${ref.outTradeNo}`, merchant, (queue) =>
      cancelJob(
        queue,
        this.#own(orderJobId(ref), merchant),
        (data) => !isRefundData(data) && data.exp <= Date.now(),
        this.#busy(ref),
      ),
    );
  }

  /**
   * Makes the next step of a tracked order due now, because a verified notification reports its payment. The notification itself
   * decides nothing: the step asks WeChat Pay, and the verified outcome is delivered to the handler. Call it before the notification is
   * answered. A parked order whose outcome is not known works again.
   *
   * @param order as in the notification
   * @param merchant the registered name, as in `WxPayNotification.merchant`; default: the default merchant
   * @returns true if the step is due now; false if the order is not tracked, or has a known outcome
   * @throws {OrderTrackingError} also if the step under way does not end soon: it may have queried the order before the payment
   */
  async confirm(order: Pick<Order, 'outTradeNo' | 'subMchid'>, merchant?: string): Promise<boolean> {
    orderKey(merchant ?? 'default', order);
    return this.#calls.onRegistered(`confirm order ${order.outTradeNo}`, merchant, (queue) =>
      hurryJob(queue, this.#own(orderJobId(order), merchant), this.#busy(order)),
    );
  }

  /**
   * Makes the next query of a tracked refund due now, as `confirm` does for an order.
   *
   * @returns true if the query is due now; false if the refund is not tracked, or has a known status
   * @throws {OrderTrackingError} also if the step under way does not end soon
   */
  async confirmRefund(ref: RefundRef, merchant?: string): Promise<boolean> {
    const checked = checkTrackedRefund(ref, merchant);
    const subject = `refund ${checked.ref.outRefundNo}`;
    return this.#calls.onRegistered(`confirm ${subject}`, merchant, (queue) =>
      hurryJob(queue, this.#own(refundJobId(checked.ref), merchant), {
        subject,
        timeoutMs: this.#parts.options.trackTimeoutMs,
      }),
    );
  }

  /**
   * Reads the state of a tracked order, without a request to WeChat Pay.
   *
   * @returns undefined if the order is not tracked, or no longer: its outcome was delivered. Also for the order of an app with another
   * `mchid` under the same prefix
   */
  async peek(ref: CloseOrderRef, merchant?: string): Promise<TrackedState | undefined> {
    orderKey(merchant ?? 'default', ref);
    return this.#calls.onRegistered(`peek at order ${ref.outTradeNo}`, merchant, async (queue, name) => {
      const job = await readOwnJob(queue, this.#own(orderJobId(ref), merchant));
      if (job === undefined || isRefundData(job.data)) return undefined;
      const state = await job.getState();
      const isGone = state === 'completed' || state === 'unknown';
      return isGone ? undefined : orderStateOf(name, job, job.data, state);
    });
  }

  /**
   * Returns by how many milliseconds the most overdue query or settlement of a merchant is late: a measure of missing workers, or of
   * a quota that is too small. 0 if none is late. Orders that wait for the handler, or are parked, do not count.
   */
  async lag(merchant?: string): Promise<number> {
    return this.#calls.onRegistered('read the lag', merchant, (queue) => lagOf(queue, new Date()));
  }

  /** Lists the parked orders of all merchants, registered or not: those that need a person. */
  async *parked(): AsyncIterable<TrackedState> {
    for await (const merchant of this.#calls.names()) {
      for await (const job of this.#calls.parkedJobs(merchant)) {
        if (!isRefundData(job.data)) yield orderStateOf(merchant, job, job.data, 'failed');
      }
    }
  }

  /** Lists the parked refunds of all merchants, registered or not: those that need a person. */
  async *parkedRefunds(): AsyncIterable<TrackedRefundState> {
    for await (const merchant of this.#calls.names()) {
      for await (const job of this.#calls.parkedJobs(merchant)) {
        if (isRefundData(job.data)) yield refundStateOf(merchant, job, job.data, 'failed');
      }
    }
  }

  /**
   * Makes a parked order or refund work again, from where it stopped: a known outcome is delivered without asking WeChat Pay again.
   *
   * @param key `key` of the TrackedState, or of the event that the handler could not take
   * @returns true if it was parked
   */
  async retry(key: string): Promise<boolean> {
    const place = placeOf(key, this.#calls.localNames()) ?? placeOf(key, await this.#calls.knownNames());
    if (place === undefined) return false;
    return this.#calls.on(`retry ${key}`, place.merchant, (queue) => retryJob(queue, place.jobId));
  }

  #own(jobId: string, merchant: string | undefined): OwnJob {
    return { jobId, mchid: this.#parts.merchants.get(merchant).mchid };
  }

  #busy({ outTradeNo }: Pick<CloseOrderRef, 'outTradeNo'>): BusyJob {
    return { subject: `order ${outTradeNo}`, timeoutMs: this.#parts.options.trackTimeoutMs };
  }

  #jobOptions(jobId: string, delay: number): JobsOptions & { readonly jobId: string } {
    // Everything else is an option of the worker, because Redis would keep it with each job.
    return { jobId, delay, attempts: this.#parts.options.handlerAttempts, backoff: { type: 'custom' } };
  }
}
