import { Injectable } from '@nestjs/common';
import { OrderCloseService, OrderQueryService, type Order } from 'nestjs-wxpay';

/**
 * What the shop does with its orders, in its own words. It knows neither HTTP nor which API of WeChat Pay answers, and lets
 * failures pass: `WxPayExceptionFilter` translates them at the edge.
 */
@Injectable()
export class OrdersService {
  constructor(
    private readonly orderQuery: OrderQueryService,
    private readonly orderClose: OrderCloseService,
  ) {}

  /** The order as WeChat Pay sees it now; with `subMchid`, that of a sub-merchant. */
  find(outTradeNo: string, subMchid?: string): Promise<Order> {
    return this.orderQuery.query({ outTradeNo, subMchid });
  }

  /** The order behind a number from a bank statement or a customer's receipt. */
  findByTransaction(transactionId: string): Promise<Order> {
    return this.orderQuery.query({ transactionId });
  }

  /** Takes an unpaid order off the market. A customer who paid a moment before wins: that is refused with ORDER_PAID. */
  cancel(outTradeNo: string, subMchid?: string): Promise<void> {
    return this.orderClose.close({ outTradeNo, subMchid });
  }
}
