import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { refundKey, WxPayMerchants, type Refund } from 'nestjs-wxpay';
import { concatMap, finalize } from 'rxjs';
import { ShopError } from '../http/shop-error.js';
import { SalesService } from '../sales/sales.service.js';
import { SalesStore, type Sale, type SaleRefund } from '../sales/sales-store.js';

/** Refund to make: the number counts the refunds of a sale. */
export interface RefundOrder extends Pick<SaleRefund, 'amount' | 'reason'> {
  readonly number: string;
}

/** Refunds sales, and follows each refund until it has ended. */
@Injectable()
export class RefundsService implements OnApplicationBootstrap {
  private readonly logger = new Logger(RefundsService.name);
  /** Keys of the watched refunds. Numbers alone are not unique: each merchant and sub-merchant has its own. */
  private readonly watched = new Set<string>();

  constructor(
    private readonly sales: SalesService,
    private readonly store: SalesStore,
    private readonly merchants: WxPayMerchants,
  ) {}

  /** Goes on with the refunds that were open when the app stopped. */
  async onApplicationBootstrap(): Promise<void> {
    for await (const { sale, refund } of this.store.openRefunds()) this.watch(sale, refund);
  }

  /**
   * Refunds a paid sale, in part or in full. The number makes it one refund, however often it is asked for: after an error, ask
   * again with the same number, never with a new one.
   *
   * @throws {ShopError} 404 if there is no such sale, 409 if it is not paid or the number has another content
   * @throws {WxPayError} if WeChat Pay refuses, or does not reply
   */
  async refund(outTradeNo: string, { number, amount, reason }: RefundOrder): Promise<SaleRefund> {
    const sale = await this.sales.find(outTradeNo);
    if (sale.payment === undefined) throw new ShopError(409, 'SALE_NOT_PAID', 'The sale is not paid.');
    const outRefundNo = `${outTradeNo}-${number}`;
    // Stored first, because the refund may be accepted without the shop hearing of it.
    const refund = await this.store.addRefund(sale, { outRefundNo, amount, reason, status: 'REQUESTED' });
    if (refund.amount !== amount || refund.reason !== reason) {
      throw new ShopError(409, 'REFUND_EXISTS', 'This number is a refund with another content.');
    }
    const { refunds } = this.merchants.get(sale.merchant);
    try {
      const accepted = await refunds.refund({
        outTradeNo,
        subMchid: sale.subMchid,
        outRefundNo,
        amount: { refund: amount, total: sale.total },
        reason,
      });
      await this.note(sale.merchant, accepted);
      return { ...refund, status: accepted.status };
    } finally {
      this.watch(sale, refund);
    }
  }

  /** Notes the state of a refund: from a query or a notification. */
  async note(merchant: string, refund: Refund): Promise<void> {
    const { outTradeNo, subMchid, outRefundNo, status } = refund;
    // Part of the key of a sale of a cart, the `mchid` of its sub-order, is not in its refund; the sale holds the number.
    const sales = await this.store.findMany(merchant, [outTradeNo]);
    const sale = sales.find(
      ({ subMchid: owner, refunds = [] }) =>
        owner === subMchid && refunds.some((each) => each.outRefundNo === outRefundNo),
    );
    if (sale !== undefined) await this.store.updateRefund(sale, outRefundNo, status);
    if (status === 'CLOSED' || status === 'ABNORMAL') {
      this.logger.error(`Refund ${outRefundNo} did not arrive: ${status}. Look into it.`);
    }
  }

  /** Watches a refund until it has ended, each once. */
  private watch(sale: Sale, { outRefundNo }: SaleRefund): void {
    const ref = { outRefundNo, subMchid: sale.subMchid };
    const key = refundKey(sale.merchant, ref);
    if (this.watched.has(key)) return;
    this.watched.add(key);
    const { refunds } = this.merchants.get(sale.merchant);
    refunds
      .watch(ref)
      .pipe(
        concatMap((refund) => this.note(sale.merchant, refund)),
        finalize(() => this.watched.delete(key)),
      )
      .subscribe({ error: (error: Error) => this.logger.warn(error.message) });
  }
}
