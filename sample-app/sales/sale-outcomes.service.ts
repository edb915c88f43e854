import { Injectable, Logger } from '@nestjs/common';
import { WxPayMerchants, type OrderSettledEvent } from 'nestjs-wxpay';
import { FulfilmentService } from './fulfilment.service.js';
import { SalesStore } from './sales-store.js';

/** Applies the outcome of an order to its sale. The same outcome may come twice: the store applies it once. */
@Injectable()
export class SaleOutcomes {
  private readonly logger = new Logger(SaleOutcomes.name);

  constructor(
    private readonly store: SalesStore,
    private readonly fulfilment: FulfilmentService,
    private readonly merchants: WxPayMerchants,
  ) {}

  /**
   * Ships what is paid, cancels what can no longer be paid, and reverses a payment code that was never confirmed.
   *
   * @returns whether the sale was paid, and the shop did not know
   * @throws {Error} if it has to be applied again later
   */
  async apply({ merchant, ref, outcome, order }: OrderSettledEvent): Promise<boolean> {
    const { orderQuery, orderReverse } = this.merchants.get(merchant);
    if (outcome === 'paid') {
      return this.fulfilment.apply(merchant, order ?? (await orderQuery.query(ref)), 'query');
    }
    if (outcome === 'reverse-required') {
      const reversal = await orderReverse.reverse(ref);
      if (reversal.outcome !== 'reversed') throw new Error(`Its reversal is not done: ${reversal.outcome}.`);
    }
    // If nothing was placed, and that were wrong, the payment would still count: see payOnce().
    await this.store.cancel({ merchant, ...ref });
    this.logger.log(`Sale ${ref.outTradeNo} is cancelled: ${outcome}.`);
    return false;
  }
}
