import { Injectable } from '@nestjs/common';
import { WxPayMerchants } from 'nestjs-wxpay';
import { FulfilmentService } from './fulfilment.service.js';
import { SalesService } from './sales.service.js';
import { SalesStore, type Sale } from './sales-store.js';

/** The number that the shop gave to its counter. */
const COUNTER = { outId: 'counter-1' };

/** Takes payments at the counter, where the customer shows a payment code (付款码). */
@Injectable()
export class CounterService {
  constructor(
    private readonly sales: SalesService,
    private readonly fulfilment: FulfilmentService,
    private readonly store: SalesStore,
    private readonly merchants: WxPayMerchants,
  ) {}

  /**
   * Charges the customer, and waits for the password. Hand the goods over if the sale is paid, and only then. If it is still
   * unpaid, the outcome is unknown: look at the sale again; it is found paid, or reversed at its expiry.
   *
   * @throws {ShopError} 404 if there is no such sale, 409 if it can no longer be paid
   * @throws {WxPayError} the refusal of WeChat Pay. The sale stays unpaid until the sweep settles it at its expiry: the customer
   * may have opened a QR code for it, which can still be paid. Charge another code under a new sale
   */
  async charge(outTradeNo: string, authCode: string): Promise<Sale> {
    const sale = await this.sales.findPayable(outTradeNo);
    const { merchant, subMchid, description, total } = sale;
    const payment = await this.merchants.get(merchant).codePay.pay({
      outTradeNo,
      subMchid,
      description,
      amount: { total },
      authCode,
      storeInfo: COUNTER,
    });
    if (payment.outcome === 'paid') await this.fulfilment.apply(merchant, payment.order, 'reply');
    if (payment.outcome === 'reversed') await this.store.cancel(sale);
    if (payment.outcome === 'refused') throw payment.cause;
    return this.sales.find(outTradeNo);
  }
}
