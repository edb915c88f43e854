import { Injectable, Logger } from '@nestjs/common';
import { WxPayMerchants, type OrderRef } from 'nestjs-wxpay';
import { attempt } from './attempt.js';
import { FulfilmentService } from './fulfilment.service.js';
import { isNotPlaced } from './is-not-placed.js';
import { SalesStore, type Sale } from './sales-store.js';

/** Asks WeChat Pay about unpaid sales, and ends those that have expired. Both are jobs: see {@link SalesTimer}. */
@Injectable()
export class UnpaidSalesService {
  private readonly logger = new Logger(UnpaidSalesService.name);

  constructor(
    private readonly store: SalesStore,
    private readonly fulfilment: FulfilmentService,
    private readonly merchants: WxPayMerchants,
  ) {}

  /**
   * Queries the unpaid sales, because a notification may be lost. A sale that fails does not stop the others.
   *
   * @returns the numbers of those that were paid
   */
  async query(): Promise<string[]> {
    const paid: string[] = [];
    for (const merchant of this.merchants.names()) {
      const { orderQuery } = this.merchants.get(merchant);
      for await (const { order, error } of orderQuery.queryMany(this.openOrders(merchant))) {
        if (error === undefined) {
          const apply = () => this.fulfilment.apply(merchant, order, 'query');
          if (await attempt(this.logger, `Sale ${order.outTradeNo}`, apply)) paid.push(order.outTradeNo);
        } else if (!isNotPlaced(error)) this.logger.warn(error.message);
      }
    }
    return paid;
  }

  /**
   * Settles the unpaid sales whose time is over: closes their orders, and ships those that were paid at the last moment. What
   * cannot be decided now is settled in the next run.
   */
  async settle(now = new Date()): Promise<void> {
    for (const merchant of this.merchants.names()) {
      for await (const sale of this.store.unpaid(merchant)) {
        if (sale.expiresAt > now) continue;
        await attempt(this.logger, `Sale ${sale.outTradeNo}`, () => this.settleOne(sale));
      }
    }
  }

  private async settleOne(sale: Sale): Promise<void> {
    const { merchant, subMchid, outTradeNo, createdAt } = sale;
    const ref = { outTradeNo, subMchid };
    const { orderSettle, orderReverse } = this.merchants.get(merchant);
    const settlement = await orderSettle.settle(ref, { createdAt });
    this.logger.log(`Sale ${outTradeNo} has expired: ${settlement.outcome}.`);
    switch (settlement.outcome) {
      case 'paid':
        await this.fulfilment.apply(merchant, settlement.order, 'query');
        return;
      case 'closed':
      // Nothing was placed. Were this wrong, the payment would still count: see payOnce().
      // fallthrough
      case 'not-found':
        await this.store.cancel(sale);
        return;
      case 'reverse-required':
        // An order paid at the counter cannot be closed. The next run finds it reversed.
        await orderReverse.reverse(ref, { createdAt });
        return;
      default:
      // Too young or unresolved.
    }
  }

  private async *openOrders(merchant: string): AsyncIterable<OrderRef> {
    for await (const { outTradeNo, subMchid } of this.store.unpaid(merchant)) yield { outTradeNo, subMchid };
  }
}
