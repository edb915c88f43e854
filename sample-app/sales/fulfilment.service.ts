import { ConflictException, Injectable, Logger, NotFoundException } from '@nestjs/common';
import type { CombineOrder, Order } from 'nestjs-wxpay';
import { SalesStore, type Payment, type SaleNumbers } from './sales-store.js';

/** Members of an order, or of a sub-order of a combine order, that decide. */
type PaidOrder = Pick<
  Order,
  'outTradeNo' | 'subMchid' | 'tradeState' | 'transactionId' | 'amount' | 'successTime'
> &
  Pick<SaleNumbers, 'partMchid'>;

/**
 * Ships what is paid, once. A notification tells of a payment, or, if that is lost, a query finds it: the first of them is
 * applied, and all others, repetitions too, find it done.
 */
@Injectable()
export class FulfilmentService {
  private readonly logger = new Logger(FulfilmentService.name);

  constructor(private readonly store: SalesStore) {}

  /**
   * Applies the state of an order, if it is paid.
   *
   * @returns whether the payment was new, and the goods are shipped
   * @throws {HttpException} if the shop cannot accept the payment: WeChat Pay sends a notification again
   */
  async apply(merchant: string, order: PaidOrder, toldBy: Payment['toldBy']): Promise<boolean> {
    const { outTradeNo, subMchid, partMchid, tradeState, transactionId, amount, successTime } = order;
    // A refund begins with a payment, and a query that comes late sees only the refund.
    const isRefunded = tradeState === 'REFUND';
    if (tradeState !== 'SUCCESS' && !isRefunded) return false;
    if (transactionId === undefined || amount === undefined) {
      this.logger.error(`Sale ${outTradeNo} is paid, but without an amount or a number. Look into it.`);
      throw new ConflictException('The payment is incomplete.');
    }
    const { total, currency } = amount;
    const payment: Payment = { total, currency, transactionId, paidAt: successTime, isRefunded, toldBy };
    const outcome = await this.store.payOnce({ merchant, partMchid, subMchid, outTradeNo }, payment);
    if (outcome === 'wrong-amount') {
      this.logger.error(`Sale ${outTradeNo} was paid with another amount than its price. Look into it.`);
      throw new ConflictException('The amount is not the price of the sale.');
    }
    // The sale may not be stored yet; it will be when the notification comes again.
    if (outcome === 'unknown-sale') throw new NotFoundException('The sale is unknown.');
    if (outcome === 'known') return false;
    if (isRefunded) {
      this.logger.error(`Sale ${outTradeNo} was refunded before the shop knew: not shipped. Look into it.`);
      return false;
    }
    // Ship here. With a database, put the work into its queue within the transaction of payOnce().
    this.logger.log(`Sale ${outTradeNo} is paid, told by a ${toldBy}: shipped.`);
    return true;
  }
  /** Applies the state of a combine order: each of its sub-orders is a sale. */
  async applyCombined(
    merchant: string,
    { subOrders }: Pick<CombineOrder, 'subOrders'>,
    toldBy: Payment['toldBy'],
  ): Promise<void> {
    for (const { mchid: partMchid, amount: paid, ...part } of subOrders) {
      const amount = paid && { total: paid.totalAmount, currency: paid.currency };
      await this.apply(merchant, { ...part, partMchid, amount }, toldBy);
    }
  }
}
