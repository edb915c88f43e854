import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { orderKey, type RefundStatus } from 'nestjs-wxpay';
import { Pool } from 'pg';
import { toSale, type SaleRow } from './sale-row.js';
import {
  SalesStore,
  type Payment,
  type PaymentOutcome,
  type Sale,
  type SaleNumbers,
  type SaleRefund,
} from './sales-store.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sales (
    key text PRIMARY KEY,
    merchant text NOT NULL,
    sub_mchid text,
    part_mchid text,
    combine_out_trade_no text,
    out_trade_no text NOT NULL,
    description text NOT NULL,
    total integer NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    is_cancelled boolean NOT NULL DEFAULT false,
    paid_at timestamptz,
    payment jsonb,
    refunds jsonb NOT NULL DEFAULT '{}'
  );
  CREATE INDEX IF NOT EXISTS sales_by_number ON sales (out_trade_no);
  CREATE INDEX IF NOT EXISTS open_sales ON sales (key) WHERE payment IS NULL AND NOT is_cancelled`;
const IS_OPEN = 'payment IS NULL AND NOT is_cancelled';
const PAGE = 500;

/** Sales in PostgreSQL. Each method that writes is one statement, so that processes need no other lock. */
export class PostgresSales extends SalesStore implements OnApplicationShutdown {
  readonly #pool: Pool;

  private constructor(pool: Pool) {
    super();
    this.#pool = pool;
  }

  /** Connects, and creates the table if there is none; in your app, a migration does that. */
  static async open(connectionString: string): Promise<PostgresSales> {
    const pool = new Pool({ connectionString });
    // A connection that breaks while it is idle is replaced; without a listener it would end the process.
    pool.on('error', (error) => new Logger(PostgresSales.name).warn(error.message));
    await pool.query(SCHEMA);
    return new PostgresSales(pool);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.end();
  }

  override async place(sale: Sale): Promise<void> {
    const { payment } = sale;
    const values = {
      key: keyOf(sale),
      merchant: sale.merchant,
      sub_mchid: sale.subMchid,
      part_mchid: sale.partMchid,
      combine_out_trade_no: sale.combineOutTradeNo,
      out_trade_no: sale.outTradeNo,
      description: sale.description,
      total: sale.total,
      created_at: sale.createdAt,
      expires_at: sale.expiresAt,
      paid_at: payment?.paidAt,
      payment,
    };
    const columns = Object.keys(values);
    const places = columns.map((_, i) => `$${i + 1}`);
    await this.#pool.query(
      `INSERT INTO sales (${columns.join(', ')}) VALUES (${places.join(', ')}) ON CONFLICT DO NOTHING`,
      Object.values(values),
    );
  }

  override async find(outTradeNo: string): Promise<Sale | undefined> {
    return (await this.#select('out_trade_no = $1', [outTradeNo]))[0];
  }

  override findMany(merchant: string, outTradeNos: readonly string[]): Promise<readonly Sale[]> {
    return this.#select('merchant = $1 AND out_trade_no = ANY ($2)', [merchant, outTradeNos]);
  }

  override paidBetween(merchant: string, from: Date, to: Date): AsyncIterable<Sale> {
    return this.#pages('merchant = $1 AND paid_at >= $2 AND paid_at < $3', [merchant, from, to]);
  }

  override cart(combineOutTradeNo: string): Promise<readonly Sale[]> {
    return this.#select('combine_out_trade_no = $1', [combineOutTradeNo]);
  }

  override unpaid(): AsyncIterable<Sale> {
    return this.#pages(`${IS_OPEN} AND combine_out_trade_no IS NULL`, []);
  }

  override async *unpaidCarts(merchant: string): AsyncIterable<string> {
    const { rows } = await this.#pool.query<{ cart: string }>(
      `SELECT DISTINCT combine_out_trade_no AS cart FROM sales
       WHERE ${IS_OPEN} AND merchant = $1 AND combine_out_trade_no IS NOT NULL`,
      [merchant],
    );
    for (const { cart } of rows) yield cart;
  }

  override async payOnce(numbers: SaleNumbers, payment: Payment): Promise<PaymentOutcome> {
    const { total, currency = 'CNY', paidAt } = payment;
    const { rowCount } = await this.#pool.query(
      `UPDATE sales SET payment = $2, paid_at = $3, is_cancelled = false
       WHERE key = $1 AND total = $4 AND $5 = 'CNY' AND payment IS NULL`,
      [keyOf(numbers), payment, paidAt, total, currency],
    );
    if (rowCount === 1) return 'new';
    const [sale] = await this.#select('key = $1', [keyOf(numbers)]);
    if (sale === undefined) return 'unknown-sale';
    return total === sale.total && currency === 'CNY' ? 'known' : 'wrong-amount';
  }

  override async cancel(numbers: SaleNumbers): Promise<void> {
    const sql = 'UPDATE sales SET is_cancelled = true WHERE key = $1 AND payment IS NULL';
    await this.#pool.query(sql, [keyOf(numbers)]);
  }

  override async addRefund(numbers: SaleNumbers, refund: SaleRefund): Promise<SaleRefund> {
    // Of two members with one name, the right one stays: that which was there.
    const { rows } = await this.#pool.query<{ stored: SaleRefund }>(
      'UPDATE sales SET refunds = jsonb_build_object($2::text, $3::jsonb) || refunds WHERE key = $1 RETURNING refunds -> $2 AS stored',
      [keyOf(numbers), refund.outRefundNo, refund],
    );
    return rows[0]?.stored ?? refund;
  }

  override async updateRefund(numbers: SaleNumbers, refundNo: string, status: RefundStatus): Promise<void> {
    await this.#pool.query(
      `UPDATE sales SET refunds = jsonb_set(refunds, ARRAY[$2, 'status'], to_jsonb($3::text))
       WHERE key = $1 AND refunds ? $2 AND ($3 <> 'PROCESSING' OR refunds -> $2 ->> 'status' = 'REQUESTED')`,
      [keyOf(numbers), refundNo, status],
    );
  }

  override async *openRefunds(): AsyncIterable<{ readonly sale: Sale; readonly refund: SaleRefund }> {
    const open = `$.* ? (@.status == "REQUESTED" || @.status == "PROCESSING")`;
    for await (const sale of this.#pages('jsonb_path_exists(refunds, $1)', [open])) {
      for (const refund of sale.refunds ?? []) {
        if (refund.status === 'REQUESTED' || refund.status === 'PROCESSING') yield { sale, refund };
      }
    }
  }

  async #select(where: string, values: readonly unknown[]): Promise<readonly Sale[]> {
    const { rows } = await this.#pool.query<SaleRow>(`SELECT * FROM sales WHERE ${where}`, [...values]);
    return rows.map(toSale);
  }

  /** Reads page by page, by the key of the last sale: no transaction stays open while WeChat Pay is asked about them. */
  async *#pages(where: string, values: readonly unknown[]): AsyncIterable<Sale> {
    const page = `${where} AND key > $${values.length + 1} ORDER BY key LIMIT ${PAGE}`;
    for (let last: string | undefined = ''; last !== undefined;) {
      const sales = await this.#select(page, [...values, last]);
      yield* sales;
      const [end] = sales.slice(-1);
      last = end && sales.length === PAGE ? keyOf(end) : undefined;
    }
  }
}

function keyOf({ merchant, partMchid, ...order }: SaleNumbers): string {
  return orderKey(merchant, order, partMchid);
}
