import type { Payment, Sale, SaleRefund } from './sales-store.js';

/** Row of the table `sales`. */
export interface SaleRow {
  readonly merchant: string;
  readonly sub_mchid: string | null;
  readonly part_mchid: string | null;
  readonly combine_out_trade_no: string | null;
  readonly out_trade_no: string;
  readonly description: string;
  readonly total: number;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly is_cancelled: boolean;
  readonly paid_at: Date | null;
  readonly payment: Omit<Payment, 'paidAt'> | null;
  /** By their numbers. */
  readonly refunds: Readonly<Record<string, SaleRefund>>;
}

export function toSale(row: SaleRow): Sale {
  return {
    merchant: row.merchant,
    ...(row.sub_mchid !== null && { subMchid: row.sub_mchid }),
    ...(row.part_mchid !== null && { partMchid: row.part_mchid }),
    ...(row.combine_out_trade_no !== null && { combineOutTradeNo: row.combine_out_trade_no }),
    outTradeNo: row.out_trade_no,
    description: row.description,
    total: row.total,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    isCancelled: row.is_cancelled,
    ...(row.payment !== null && { payment: { ...row.payment, paidAt: row.paid_at ?? undefined } }),
    refunds: Object.values(row.refunds),
  };
}
