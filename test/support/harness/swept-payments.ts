import type { Order, OrderSweepService, WxPayMerchants } from 'nestjs-wxpay';
import type { MockWxPayGateway, NewMockOrder } from 'nestjs-wxpay/testing';
import type { Pool } from 'pg';
import type { TestPostgres } from '../servers/postgres.js';

/** The classes of the recipe in docs/tracking.md, which is compiled by test/docs/snippets.spec.ts. */
export interface SweepClasses {
  readonly PaymentSweep: new (
    pool: Pool,
    sweeper: OrderSweepService,
    handler: object,
    merchants: WxPayMerchants,
  ) => { run(): Promise<void>; notified(merchant: string, order: Order): Promise<void> };
  readonly PaymentHandler: abstract new () => object;
}

/** Terms of a row: its life, half an hour by default, and its merchant. */
export interface PaymentTerms {
  readonly lifeMs?: number;
  readonly merchant?: string;
}

/** A row as far as specs look at it. */
export interface PaymentRow {
  readonly outcome: string | null;
  readonly checks: number;
  readonly failures: number;
  readonly wait_s: number;
}

export const HOUR_MS = 3_600_000;

/** Writes the row of an order that was placed an hour ago, due now. */
export async function writePayment(
  { pool }: Pick<TestPostgres, 'pool'>,
  outTradeNo: string,
  { lifeMs = HOUR_MS / 2, merchant = 'default' }: PaymentTerms = {},
): Promise<void> {
  const createdAt = new Date(Date.now() - HOUR_MS);
  await pool.query(
    'INSERT INTO payments (merchant, out_trade_no, created_at, expires_at) VALUES ($1, $2, $3, $4)',
    [merchant, outTradeNo, createdAt, new Date(createdAt.getTime() + lifeMs)],
  );
}

/** Places an order at the gateway an hour ago. */
export function placeHourAgo(
  gateway: MockWxPayGateway,
  outTradeNo: string,
  order: Pick<NewMockOrder, 'tradeType' | 'createdAt'> = {},
): void {
  const createdAt = new Date(Date.now() - HOUR_MS);
  gateway.orders.create({ outTradeNo, createdAt, amount: { total: 100 }, ...order });
}

/** Reads the row of an order. */
export async function paymentOf(
  { pool }: Pick<TestPostgres, 'pool'>,
  outTradeNo: string,
): Promise<PaymentRow | undefined> {
  const { rows } = await pool.query<PaymentRow>(
    `SELECT outcome, checks, failures, extract(epoch FROM next_at - now())::float AS wait_s
     FROM payments WHERE out_trade_no = $1`,
    [outTradeNo],
  );
  return rows[0];
}
