import { Injectable, type OnModuleInit } from '@nestjs/common';
import { WxPayMerchants } from 'nestjs-wxpay';
import { MockWxPayGateway, type MockOrder } from 'nestjs-wxpay/testing';
import { LEGACY_MERCHANT } from '../legacy/legacy-merchant.js';
import { SalesStore, type Sale } from '../sales/sales-store.js';
import { DEMO_BILLED, DEMO_LEGACY_ORDER } from './demo-gateway.js';

/** Sales that are not placed at WeChat Pay yet. */
const DEMO_SALES = ['DEMO-SALE', 'DEMO-COUNTER'].map((outTradeNo) => ({
  outTradeNo,
  amount: { total: 1999 },
}));

/** Sells what the demo has open orders for, and some more. */
@Injectable()
export class DemoSales implements OnModuleInit {
  constructor(
    private readonly gateway: MockWxPayGateway,
    private readonly sales: SalesStore,
    private readonly merchants: WxPayMerchants,
  ) {}

  async onModuleInit(): Promise<void> {
    const open = this.gateway.orders
      .list()
      .filter(({ tradeState, subMchid }) => tradeState === 'NOTPAY' && subMchid === undefined);
    for (const order of [...open, ...DEMO_SALES]) await this.sales.place(this.saleOf(order));
    await this.sales.place(this.paidSale(DEMO_BILLED[0]));
  }

  private paidSale(outTradeNo: string): Sale {
    const order = this.gateway.orders.get(outTradeNo);
    if (order?.transactionId === undefined) throw new Error(`${outTradeNo} is not paid.`);
    const { amount, transactionId, successTime: paidAt } = order;
    const payment = { ...amount, transactionId, paidAt, isRefunded: false, toldBy: 'notification' as const };
    return { ...this.saleOf(order), payment };
  }

  private saleOf({
    outTradeNo,
    amount,
    createdAt = new Date(),
    timeExpire = minutesAfter(createdAt, 30),
  }: Pick<MockOrder, 'outTradeNo' | 'amount'> & Partial<MockOrder>): Sale {
    const merchant = this.merchants.get(outTradeNo === DEMO_LEGACY_ORDER ? LEGACY_MERCHANT : undefined).name;
    const { total } = amount;
    return { merchant, outTradeNo, description: 'Demo article', total, createdAt, expiresAt: timeExpire };
  }
}

function minutesAfter(time: Date, minutes: number): Date {
  return new Date(time.getTime() + minutes * 60_000);
}
