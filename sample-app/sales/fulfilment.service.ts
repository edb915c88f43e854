import {
  ConflictException,
  Injectable,
  Logger,
  NotFoundException,
  NotImplementedException,
} from '@nestjs/common';
import type { Order, WxPayNotification } from 'nestjs-wxpay';
import { SalesStore, type Payment } from './sales-store.js';

/**
 * Ships what is paid, once. A notification tells of a payment, or, if that is lost, a query finds it: the first of them is
 * applied, and all others, repetitions too, find it done.
 */
@Injectable()
export class FulfilmentService {
  private readonly logger = new Logger(FulfilmentService.name);

  constructor(private readonly store: SalesStore) {}

  /**
   * Takes a notification.
   *
   * @throws {HttpException} if the shop cannot make use of it: WeChat Pay sends it again
   */
  async receive({ merchant, originalType, resource }: WxPayNotification): Promise<void> {
    // Other events are accepted, so that they are not sent again.
    if (originalType !== 'transaction') return;
    // The shop places none. Were one accepted, the payment would be lost.
    if ('combineOutTradeNo' in resource) throw new NotImplementedException('The shop has no combine orders.');
    await this.apply(merchant, resource, 'notification');
  }

  /**
   * Applies the state of an order, if it is paid.
   *
   * @returns whether the payment was new, and the goods are shipped
   * @throws {HttpException} if the shop cannot accept the payment: WeChat Pay sends a notification again
   */
  async apply(merchant: string, order: Order, toldBy: Payment['toldBy']): Promise<boolean> {
    const { outTradeNo, subMchid, tradeState, transactionId, amount } = order;
    // A refund begins with a payment, and a query that comes late sees only the refund.
    const isRefunded = tradeState === 'REFUND';
    if (tradeState !== 'SUCCESS' && !isRefunded) return false;
    if (transactionId === undefined || amount === undefined) {
      this.logger.error(`Sale ${outTradeNo} is paid, but without an amount or a number. Look into it.`);
      throw new ConflictException('The payment is incomplete.');
    }
    const { total, currency } = amount;
    const payment: Payment = { total, currency, transactionId, isRefunded, toldBy };
    const outcome = await this.store.payOnce({ merchant, subMchid, outTradeNo }, payment);
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
}
