import { Injectable, Logger } from '@nestjs/common';
import {
  combinedTradeState,
  WxPayMerchants,
  type CombineCloseRequest,
  type CombineOrder,
} from 'nestjs-wxpay';
import { Settings } from '../config/settings.js';
import { ShopError } from '../http/shop-error.js';
import type { Article } from './articles.js';
import { attempt } from './attempt.js';
import { FulfilmentService } from './fulfilment.service.js';
import { isNotPlaced } from './is-not-placed.js';
import { checkPayable, newNumber, SalesService } from './sales.service.js';
import { SalesStore, type Sale } from './sales-store.js';

/** Sales that are paid together. */
export interface Cart {
  readonly combineOutTradeNo: string;
  readonly sales: readonly Sale[];
}

/**
 * Sells several articles that are paid at once, with a combine order (合单). Each is a sale of its own: in a marketplace, that of
 * another merchant.
 */
@Injectable()
export class CartsService {
  private readonly logger = new Logger(CartsService.name);

  constructor(
    private readonly sales: SalesService,
    private readonly fulfilment: FulfilmentService,
    private readonly store: SalesStore,
    private readonly merchants: WxPayMerchants,
    private readonly settings: Settings,
  ) {}

  async place(articles: readonly Article[]): Promise<Cart> {
    const cart = { combineOutTradeNo: newNumber() };
    const sales = await Promise.all(articles.map((article) => this.sales.place(article, 1, cart)));
    return { ...cart, sales };
  }

  /**
   * Places the combine order of a cart. Repeating the call is safe.
   *
   * @returns the content of a QR code
   * @throws {ShopError} 404 if there is no such cart, 409 if it can no longer be paid
   */
  async pay(combineOutTradeNo: string): Promise<string> {
    const sales = await this.store.cart(combineOutTradeNo);
    const [first] = sales;
    if (first === undefined) throw new ShopError(404, 'CART_NOT_FOUND', 'The shop knows no such cart.');
    for (const sale of sales) checkPayable(sale);
    const { combineOrder, mchid } = this.merchants.get(first.merchant);
    const { codeUrl } = await combineOrder.native({
      combineOutTradeNo,
      combineAppid: this.settings.appid,
      expiresAt: first.expiresAt,
      subOrders: sales.map(({ outTradeNo, description, total }) => ({
        mchid,
        outTradeNo,
        description,
        attach: combineOutTradeNo,
        amount: { total },
      })),
    });
    return codeUrl;
  }

  /** Ships the open carts that are paid, and closes those whose time is over. A job, as for single sales. */
  async check(now = new Date()): Promise<void> {
    for (const merchant of this.merchants.names()) {
      for await (const combineOutTradeNo of this.store.unpaidCarts(merchant)) {
        const sales = await this.store.cart(combineOutTradeNo);
        const isExpired = sales.every(({ expiresAt }) => expiresAt <= now);
        const checkOne = () => this.checkOne({ combineOutTradeNo, sales }, { merchant, isExpired });
        await attempt(this.logger, `Cart ${combineOutTradeNo}`, checkOne);
      }
    }
  }

  private async checkOne(cart: Cart, { merchant, isExpired }: { merchant: string; isExpired: boolean }) {
    let order = await this.query(cart, merchant);
    if (isExpired && order !== undefined && combinedTradeState(order) === 'NOTPAY') {
      await this.merchants.get(merchant).combineOrder.close(this.closeRequest(order));
      // Only a query shows what became of it: the customer may have paid before the close.
      order = await this.query(cart, merchant);
    }
    if (order !== undefined) await this.fulfilment.applyCombined(merchant, order, 'query');
    const isClosed = order === undefined ? isExpired : combinedTradeState(order) === 'CLOSED';
    if (isClosed) for (const sale of cart.sales) await this.store.cancel(sale);
  }

  /** Returns undefined if the customer has not begun to pay. */
  private async query({ combineOutTradeNo }: Cart, merchant: string): Promise<CombineOrder | undefined> {
    try {
      return await this.merchants.get(merchant).combineOrder.query(combineOutTradeNo);
    } catch (error) {
      if (isNotPlaced(error)) return undefined;
      throw error;
    }
  }

  private closeRequest({ combineOutTradeNo, combineAppid, subOrders }: CombineOrder): CombineCloseRequest {
    return { combineOutTradeNo, combineAppid: this.settings.appid ?? combineAppid, subOrders };
  }
}
