import {
  ConflictException,
  Injectable,
  Logger,
  NotFoundException,
  NotImplementedException,
} from '@nestjs/common';
import { WxPayMerchants, type Order, type OrderRef, type WxPayNotification } from 'nestjs-wxpay';
import { SalesStore, type Payment, type Sale } from './sales-store.js';

/**
 * The double insurance: a payment is told by a notification, or, if that is lost, found by a query. Whichever comes first
 * is applied; all others, repetitions too, find it done.
 */
@Injectable()
export class SalesService {
  private readonly logger = new Logger(SalesService.name);

  constructor(
    private readonly store: SalesStore,
    private readonly merchants: WxPayMerchants,
  ) {}

  find(outTradeNo: string): Promise<Sale | undefined> {
    return this.store.find(outTradeNo);
  }

  /**
   * Takes what WeChat Pay notifies of.
   *
   * @throws {HttpException} if the shop cannot make use of it: WeChat Pay is told, and sends it again
   */
  async receive({ merchant, originalType, resource }: WxPayNotification): Promise<void> {
    // Refunds and the like are none of this shop's business, but are accepted, so that they are not sent again.
    if (originalType !== 'transaction') return;
    // It places none. Were one accepted all the same, nobody would ever hear of that payment.
    if ('combineOutTradeNo' in resource) throw new NotImplementedException('The shop has no combine orders.');
    await this.apply(merchant, resource, 'notification');
  }

  /**
   * Applies what WeChat Pay says of an order of a merchant, if it is paid.
   *
   * @returns whether that was news, and the goods can be sent
   * @throws {HttpException} if the shop cannot accept the payment: WeChat Pay is told, and sends a notification again
   */
  async apply(merchant: string, order: Order, toldBy: Payment['toldBy']): Promise<boolean> {
    const { outTradeNo, subMchid, tradeState, transactionId, amount } = order;
    // A refund begins with a payment, and a query that comes late sees only the refund.
    const isRefunded = tradeState === 'REFUND';
    if (tradeState !== 'SUCCESS' && !isRefunded) return false;
    if (transactionId === undefined || amount === undefined) {
      this.logger.error(
        `Sale ${outTradeNo} is paid, but WeChat Pay names no amount or number. Look into it.`,
      );
      throw new ConflictException('The payment is incomplete.');
    }
    const { total, currency } = amount;
    const payment: Payment = { total, currency, transactionId, isRefunded, toldBy };
    const outcome = await this.store.payOnce({ merchant, subMchid, outTradeNo }, payment);
    if (outcome === 'wrong-amount') {
      this.logger.error(`Sale ${outTradeNo} was paid with another amount than was asked. Look into it.`);
      throw new ConflictException('The amount is not the one of the sale.');
    }
    // It may be that the sale is not stored yet: when the notification comes again, it will be.
    if (outcome === 'unknown-sale') throw new NotFoundException('The sale is unknown.');
    if (outcome === 'known') return false;
    if (isRefunded) {
      this.logger.error(
        `Sale ${outTradeNo} was paid and refunded before the shop knew: not shipped. Look into it.`,
      );
      return false;
    }
    // Ship here. With a database, put the work into its queue within the transaction of payOnce().
    this.logger.log(`Sale ${outTradeNo} is paid, told by a ${toldBy}.`);
    return true;
  }

  /**
   * Asks WeChat Pay about all sales that nobody has told to be paid, through the merchant of each. An app calls it from a
   * job, every 30 seconds for example; one order that fails does not stop the others.
   *
   * @returns the order numbers of those that were paid
   */
  async reconcile(): Promise<string[]> {
    const paid: string[] = [];
    for (const merchant of this.merchants.names()) {
      const { orderQuery } = this.merchants.get(merchant);
      for await (const { ref, order, error } of orderQuery.queryMany(this.unpaidOrders(merchant))) {
        if (error !== undefined) this.logger.warn(error.message);
        else if (await this.applied(merchant, order)) paid.push(order.outTradeNo);
        else this.logger.debug(`Sale ${ref.outTradeNo} is not paid.`);
      }
    }
    return paid;
  }

  /** What cannot be accepted was logged, and must not stop the others. */
  private async applied(merchant: string, order: Order): Promise<boolean> {
    try {
      return await this.apply(merchant, order, 'query');
    } catch (error) {
      if (error instanceof ConflictException) return false;
      throw error;
    }
  }

  private async *unpaidOrders(merchant: string): AsyncIterable<OrderRef> {
    for await (const { outTradeNo, subMchid } of this.store.unpaid(merchant)) yield { outTradeNo, subMchid };
  }
}
