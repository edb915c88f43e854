import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { TradeBillType } from '../../index.js';
import type { MockOrders } from '../orders/orders.js';
import type { MockRefunds } from '../refunds/refunds.js';
import { beijingDay, stateOfDay } from './bill-day.js';
import { fundFlowBillText } from './fund-flow-bill.js';
import { tradeBillText, type DayOfTrade } from './trade-bill.js';

/** Kind of bill, and the rows that it has. */
export interface MockBillRequest {
  /** Day in Beijing, `YYYY-MM-DD`. */
  readonly date: string;
  readonly kind?: 'trade' | 'fund-flow' | undefined;
  /** Rows of a trade bill; default `ALL`. */
  readonly type?: TradeBillType | undefined;
  /** Only the orders of this sub-merchant. */
  readonly subMchid?: string | undefined;
}

/** Reason for which there is no bill. */
export type NoBill = 'creating' | 'no-transactions' | 'no-day' | 'not-kept';

const URL_LIFETIME_MS = 300_000;

/** Bills of the mock gateway, made from its own orders and refunds. */
export class MockBills {
  readonly #orders: MockOrders;
  readonly #refunds: MockRefunds;
  readonly #now: () => number;
  /** Texts of {@link replace}, by kind and day. */
  readonly #replaced = new Map<string, string>();
  readonly #files = new Map<string, { readonly bytes: Buffer; readonly expiresAt: number }>();

  /** @internal */
  constructor(orders: MockOrders, refunds: MockRefunds, now: () => number) {
    this.#orders = orders;
    this.#refunds = refunds;
    this.#now = now;
  }

  /** Serves a text of your own in place of the bill of a day, for any type and sub-merchant. */
  replace({ date, kind = 'trade' }: Pick<MockBillRequest, 'date' | 'kind'>, text: string): void {
    this.#replaced.set(`${kind}/${date}`, text);
  }

  /** Returns the text of a bill as it is now, without its byte order mark; a day without transactions has only totals. */
  text({ date, kind = 'trade', type = 'ALL', subMchid }: MockBillRequest): string {
    const day = this.#day(date, subMchid);
    const text = kind === 'trade' ? tradeBillText(day, type) : fundFlowBillText(day);
    return this.#replaced.get(`${kind}/${date}`) ?? text;
  }

  /** Returns the file of a bill, or the reason for which there is none. @internal */
  file(request: MockBillRequest): Buffer | NoBill {
    const { date, kind = 'trade', subMchid } = request;
    const state = stateOfDay(date, this.#now());
    if (state !== 'ready') return state;
    const { payments, refunds } = this.#day(date, subMchid);
    const isEmpty = payments.length + refunds.length === 0 && !this.#replaced.has(`${kind}/${date}`);
    return isEmpty ? 'no-transactions' : Buffer.from(`\uFEFF${this.text(request)}`);
  }

  /** Offers a file for download. @returns its SHA-1, and a token that is valid for five minutes @internal */
  offer(file: Buffer, isGzip: boolean): { readonly sha1: string; readonly token: string } {
    const token = randomBytes(48).toString('base64url');
    const bytes = isGzip ? gzipSync(file) : file;
    this.#files.set(token, { bytes, expiresAt: this.#now() + URL_LIFETIME_MS });
    return { sha1: createHash('sha1').update(file).digest('hex'), token };
  }

  /** Returns the file of a token; undefined if it is unknown or has expired. @internal */
  offered(token: string): Buffer | undefined {
    const file = this.#files.get(token);
    return file === undefined || file.expiresAt < this.#now() ? undefined : file.bytes;
  }

  #day(date: string, subMchid: string | undefined): DayOfTrade {
    const isOf = (at: Date | undefined): boolean => at !== undefined && beijingDay(at) === date;
    const isAsked = (owner: { readonly subMchid?: string }): boolean =>
      subMchid === undefined || owner.subMchid === subMchid;
    const refunds = this.#refunds
      .list()
      .filter((refund) => isAsked(refund) && isOf(refund.createdAt) && refund.status !== 'CLOSED')
      .flatMap((refund) => {
        const { outTradeNo, subMchid: owner } = refund;
        const order = this.#orders.find({ outTradeNo, subMchid: owner });
        return order === undefined ? [] : [{ refund, order }];
      });
    const payments = this.#orders.list().filter((order) => isAsked(order) && isOf(order.successTime));
    return { payments, refunds };
  }
}
