import { randomUUID } from 'node:crypto';
import { Injectable, Logger, Optional } from '@nestjs/common';
import { WxPayMerchants, type MiniProgramPay, type TradeState } from 'nestjs-wxpay';
import { OrderTracker } from 'nestjs-wxpay/bullmq';
import { concatMap, type Observable } from 'rxjs';
import { ShopError } from '../http/shop-error.js';
import { ARTICLES, type Article } from './articles.js';
import { attempt } from './attempt.js';
import { FulfilmentService } from './fulfilment.service.js';
import { SalesStore, type Sale } from './sales-store.js';

/** Time that customers have to pay, in milliseconds. */
const TIME_TO_PAY_MS = 30 * 60_000;
/** No payment is begun in the last minute, so that none is being placed when the sale is settled. */
const LAST_MINUTE_MS = 60_000;

/** What a client needs to pay: the content of a QR code, or parameters for `wx.requestPayment`. */
export type PayParameters = { readonly codeUrl: string } | { readonly miniProgram: MiniProgramPay };

/** Sells, and lets customers pay. */
@Injectable()
export class SalesService {
  private readonly logger = new Logger(SalesService.name);

  constructor(
    private readonly store: SalesStore,
    private readonly merchants: WxPayMerchants,
    private readonly fulfilment: FulfilmentService,
    /** Present with `REDIS_URL`. */
    @Optional() private readonly tracker?: OrderTracker,
  ) {}

  /** Sells an article. The sale is stored before WeChat Pay hears of it, so that no payment meets an unknown sale. */
  async place(article: Article, quantity: number, cart?: Pick<Sale, 'combineOutTradeNo'>): Promise<Sale> {
    const { description, price } = ARTICLES[article];
    const merchant = this.merchants.get();
    const createdAt = new Date();
    const sale: Sale = {
      merchant: merchant.name,
      outTradeNo: newNumber(),
      ...(cart && { ...cart, partMchid: merchant.mchid }),
      description: `${description} × ${quantity}`,
      total: price * quantity,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + TIME_TO_PAY_MS),
    };
    await this.store.place(sale);
    if (cart === undefined) await this.track(sale);
    return sale;
  }

  /** A sale that could not be tracked is found by the sweep. */
  private async track({ merchant, outTradeNo, createdAt, expiresAt }: Sale): Promise<void> {
    const order = { merchant, ref: { outTradeNo }, createdAt, expiresAt };
    await attempt(this.logger, `Sale ${outTradeNo}`, async () => this.tracker?.track(order));
  }

  /** @throws {ShopError} 404 if there is no such sale */
  async find(outTradeNo: string): Promise<Sale> {
    const sale = await this.store.find(outTradeNo);
    if (sale === undefined) throw new ShopError(404, 'SALE_NOT_FOUND', 'The shop knows no such sale.');
    return sale;
  }

  /**
   * Places the order of a sale at WeChat Pay. Repeating the call is safe, after an error too: the content is the same, so the
   * order is placed once.
   *
   * @param openid the customer in the mini program; without it, anyone can pay by the QR code
   * @throws {ShopError} 409 if the sale can no longer be paid
   * @throws {WxPayError} if WeChat Pay refuses, or does not reply
   */
  async pay(outTradeNo: string, openid?: string): Promise<PayParameters> {
    const { merchant, subMchid, description, total, expiresAt } = await this.findPayable(outTradeNo);
    const { prepay } = this.merchants.get(merchant);
    const order = { outTradeNo, subMchid, description, amount: { total }, expiresAt };
    if (openid === undefined) return { codeUrl: (await prepay.native(order)).codeUrl };
    return { miniProgram: (await prepay.miniProgram({ ...order, payer: { openid } })).pay };
  }

  /**
   * Watches the order of a sale until its state is final, or the time to pay is over, and ships what is paid. Each call sends
   * queries of its own: limit the number for each customer.
   */
  async watch(outTradeNo: string): Promise<Observable<TradeState>> {
    const { merchant, subMchid, expiresAt } = await this.find(outTradeNo);
    const orders = this.merchants
      .get(merchant)
      .orderQuery.watch({ outTradeNo, subMchid }, { until: expiresAt });
    return orders.pipe(
      concatMap(async (order) => {
        await this.fulfilment.apply(merchant, order, 'query');
        return order.tradeState;
      }),
    );
  }

  /** @throws {ShopError} 404 if there is no such sale, 409 if it can no longer be paid, or only with its cart */
  async findPayable(outTradeNo: string): Promise<Sale> {
    const sale = await this.find(outTradeNo);
    if (sale.combineOutTradeNo !== undefined) {
      throw new ShopError(409, 'PART_OF_CART', 'The sale is paid with its cart.');
    }
    checkPayable(sale);
    return sale;
  }
}

/** Returns a number that no other order has: 32 characters, as many as WeChat Pay takes. */
export function newNumber(): string {
  return randomUUID().replaceAll('-', '');
}

/** @throws {ShopError} 409 if the sale can no longer be paid */
export function checkPayable({ payment, isCancelled, expiresAt }: Sale): void {
  if (payment !== undefined || isCancelled) {
    throw new ShopError(409, 'SALE_ENDED', 'The sale is paid or cancelled.');
  }
  if (expiresAt.getTime() - LAST_MINUTE_MS < Date.now()) {
    throw new ShopError(409, 'SALE_EXPIRED', 'The time to pay is over. Place a new order.');
  }
}
