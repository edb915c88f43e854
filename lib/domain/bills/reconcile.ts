import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import type { Bill, TradeBillRow, TradeBillSummary } from './bill.js';
import { isRefund } from './trade-bill.js';

/** Order as the shop knows it. Amounts are integers in fen (分). */
export interface ShopOrder {
  readonly outTradeNo: string;
  /** Sub-merchant of the order; a shop whose numbers are unique without it may leave it out. Null counts as absent, as in a database row. */
  readonly subMchid?: string | undefined;
  /** Amount of the order. */
  readonly total: number;
  /** Amount that the shop asked to refund so far; refunds are not compared if it is absent. */
  readonly refunded?: number | undefined;
  /** `paid` also after a refund. A reversed order may be either: `unpaid`, or `paid` with all of it in `refunded`. */
  readonly state: 'paid' | 'unpaid';
}

/** Orders of the shop, which are compared with a bill. */
export interface ShopOrders {
  /** Returns the orders with these numbers, in any order, without those that the shop does not have. */
  find(outTradeNos: readonly string[]): Promise<readonly ShopOrder[]>;
  /** Orders that the shop takes for paid on the day of the bill, such as a cursor of its database. */
  readonly paidOrders?: AsyncIterable<ShopOrder> | Iterable<ShopOrder> | undefined;
}

/**
 * Difference between a bill and the shop:
 *
 * - `missing-in-shop`: the bill has a payment or refund of an order that the shop does not know
 * - `missing-in-bill`: the shop has a paid order whose payment is not in the bill
 * - `state`: the shop takes an order for unpaid that the bill shows as paid or refunded
 * - `amount`: the totals differ, or the bill refunds more than the shop asked for
 */
export type Discrepancy =
  | { readonly kind: 'missing-in-shop'; readonly row: TradeBillRow; readonly order?: never }
  | { readonly kind: 'missing-in-bill'; readonly order: ShopOrder; readonly row?: never }
  | { readonly kind: 'state' | 'amount'; readonly row: TradeBillRow; readonly order: ShopOrder };

const BATCH = 500;

/**
 * Compares a trade bill with the orders of the shop, and yields each difference.
 *
 * Both sides are read once, in batches of 500: memory holds the numbers of the payments, and nothing else that grows. Pass a
 * bill of type `ALL`, or `SUCCESS` if refunds do not matter; with `REFUND`, leave `paidOrders` out.
 *
 * @throws {WxPayInputError} at the call, naming `bill` or `shop` if it is none
 * @throws {WxPayInputError} during the iteration, naming `shop.find` or `shop.paidOrders` if an order of the shop cannot be
 * compared
 */
export function reconcile(
  bill: Bill<TradeBillRow, TradeBillSummary>,
  shop: ShopOrders,
): AsyncGenerator<Discrepancy, void, undefined> {
  checkBill(bill);
  checkShop(shop);
  return differencesOf(bill, shop);
}

async function* differencesOf(
  bill: Bill<TradeBillRow, TradeBillSummary>,
  shop: ShopOrders,
): AsyncGenerator<Discrepancy, void, undefined> {
  const comparison = new Comparison();
  let batch: TradeBillRow[] = [];
  for await (const row of bill) {
    if (batch.push(row) < BATCH) continue;
    yield* comparison.compare(batch, await ordersOf(shop, batch));
    batch = [];
  }
  yield* comparison.compare(batch, await ordersOf(shop, batch));
  for await (const order of shop.paidOrders ?? []) {
    checkOrder(order, 'shop.paidOrders');
    if (order.state === 'paid' && !comparison.hasPayment(order)) yield { kind: 'missing-in-bill', order };
  }
}

/** Record of the rows that were compared. */
class Comparison {
  /** Numbers of the payments, with and without their sub-merchant. */
  readonly #payments = new Set<string>();
  /** Refunds of each order, in fen. */
  readonly #refunds = new Map<string, number>();

  /** Yields the differences between rows and the orders of the shop with their numbers. */
  *compare(rows: readonly TradeBillRow[], orders: ReadonlyMap<string, ShopOrder>): Generator<Discrepancy> {
    for (const row of rows) {
      const isPayment = !isRefund(row);
      if (isPayment) for (const key of keysOf(row)) this.#payments.add(key);
      const order = keysOf(row)
        .map((key) => orders.get(key))
        .find((found) => found !== undefined);
      if (order === undefined) yield { kind: 'missing-in-shop', row };
      // A reversed order is unpaid, or paid and refunded; the shop may record either.
      else if (order.state !== 'paid') {
        if (row.tradeState !== 'REVOKED') yield { kind: 'state', row, order };
      } else if (isPayment ? row.total !== order.total : this.#refundsTooMuch(row, order)) {
        yield { kind: 'amount', row, order };
      }
    }
  }

  hasPayment(order: ShopOrder): boolean {
    const [key = ''] = keysOf(order);
    return this.#payments.has(key);
  }

  #refundsTooMuch(row: TradeBillRow, { refunded }: ShopOrder): boolean {
    const [key = ''] = keysOf(row);
    const sum = (this.#refunds.get(key) ?? 0) + (row.requestedRefund ?? row.refundAmount ?? 0);
    this.#refunds.set(key, sum);
    return refunded !== undefined && sum > refunded;
  }
}

/** Returns the keys of an order: the exact one first, then that of a shop that leaves out the sub-merchant. */
function keysOf({ outTradeNo, subMchid }: Pick<ShopOrder, 'outTradeNo' | 'subMchid'>): readonly string[] {
  const key = copyOf(`/${outTradeNo}`);
  return isAbsent(subMchid) ? [key] : [copyOf(`${subMchid}${key}`), key];
}

/** Takes any value, because a row of a database may have null where the type has undefined. */
function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Copies a string. A part of a line would keep the line in memory, and a million numbers the whole bill. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

async function ordersOf(
  shop: ShopOrders,
  rows: readonly TradeBillRow[],
): Promise<ReadonlyMap<string, ShopOrder>> {
  const orders = new Map<string, ShopOrder>();
  if (rows.length === 0) return orders;
  const found: unknown = await shop.find([...new Set(rows.map(({ outTradeNo }) => outTradeNo))]);
  if (!Array.isArray(found)) throw new WxPayInputError('shop.find', 'must resolve to a list of orders.');
  for (const order of found as readonly ShopOrder[]) {
    checkOrder(order, 'shop.find');
    orders.set(keysOf(order)[0] ?? '', order);
  }
  return orders;
}

function checkBill(bill: Partial<AsyncIterable<TradeBillRow>> | null | undefined): void {
  if (typeof bill?.[Symbol.asyncIterator] === 'function') return;
  throw new WxPayInputError('bill', 'must be a trade bill, as BillService.trade returns it.');
}

function checkShop(shop: Partial<ShopOrders> | null | undefined): void {
  if (typeof shop?.find === 'function') return;
  throw new WxPayInputError('shop', 'must have a function find(outTradeNos) that resolves to orders.');
}

/** Checks an order of the shop: a number that came as a string would never be equal. */
function checkOrder(order: Partial<ShopOrder> | null | undefined, source: string): void {
  const { outTradeNo, subMchid, total, refunded, state } = order ?? {};
  const problem =
    (typeof outTradeNo !== 'string' && 'outTradeNo is not a string') ||
    (!isAbsent(subMchid) && typeof subMchid !== 'string' && 'subMchid is not a string') ||
    (!Number.isSafeInteger(total) && 'total is not an integer in fen') ||
    (refunded !== undefined && !Number.isSafeInteger(refunded) && 'refunded is not an integer in fen') ||
    (state !== 'paid' && state !== 'unpaid' && 'state is neither paid nor unpaid');
  if (problem !== false) throw new WxPayInputError(source, `gave an order whose ${problem}.`);
}
