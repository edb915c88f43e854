import { Injectable, Logger } from '@nestjs/common';
import { OrderSweepService, settledEvent, type OrderSettledEvent, type SweepOutcome } from 'nestjs-wxpay';
import { attempt } from './attempt.js';
import { isNotPlaced } from './is-not-placed.js';
import { SaleOutcomes } from './sale-outcomes.service.js';
import { SalesStore } from './sales-store.js';

/** Asks WeChat Pay about the unpaid sales, and ends those that have expired. A job: see {@link SalesTimer}. */
@Injectable()
export class UnpaidSalesService {
  private readonly logger = new Logger(UnpaidSalesService.name);

  constructor(
    private readonly store: SalesStore,
    private readonly sweep: OrderSweepService,
    private readonly outcomes: SaleOutcomes,
  ) {}

  /**
   * Sweeps the unpaid sales of all merchants, because a notification may be lost. What cannot be decided now is decided by the
   * next sweep. Several processes may sweep at the same time: each payment is applied once.
   *
   * @returns the numbers of those that were paid
   */
  async check(): Promise<string[]> {
    const paid: string[] = [];
    for await (const result of this.sweep.sweep(this.openOrders())) {
      const { outTradeNo } = result.order.ref;
      if (result.error !== undefined && !isNotPlaced(result.error)) this.logger.warn(result.error.message);
      const event = eventOf(result);
      if (event === undefined) continue;
      const isNew = await attempt(this.logger, `Sale ${outTradeNo}`, () => this.outcomes.apply(event));
      if (isNew) paid.push(outTradeNo);
    }
    return paid;
  }

  private async *openOrders() {
    for await (const { merchant, outTradeNo, subMchid, createdAt, expiresAt } of this.store.unpaid()) {
      yield { merchant, ref: { outTradeNo, subMchid }, createdAt, expiresAt };
    }
  }
}

/** Returns undefined for an order that is still open, too young to be closed, or not answered for. */
function eventOf({ order, settlement }: SweepOutcome): OrderSettledEvent | undefined {
  switch (settlement?.outcome) {
    case 'paid':
    case 'closed':
    case 'not-found':
    case 'reverse-required':
      return settledEvent(order, settlement);
    default:
      return undefined;
  }
}
