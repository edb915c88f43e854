import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Discrepancy } from 'nestjs-wxpay';

/** Difference between a bill and the shop. The rows of bills name customers: they stay inside. */
export class DiscrepancyView {
  @ApiProperty({ enum: ['missing-in-shop', 'missing-in-bill', 'state', 'amount'] })
  readonly kind: string;

  @ApiProperty({ example: 'DEMO-UNKNOWN' })
  readonly outTradeNo: string;

  @ApiPropertyOptional({ description: 'In the bill, in fen; of a refund what goes back.', type: 'integer' })
  readonly billAmount?: number;

  @ApiPropertyOptional({ description: 'The price in the shop, in fen.', type: 'integer' })
  readonly shopTotal?: number;

  constructor({ kind, row, order }: Discrepancy) {
    this.kind = kind;
    this.outTradeNo = (row ?? order).outTradeNo;
    this.billAmount = row?.refundId === undefined ? row?.total : row.requestedRefund;
    this.shopTotal = order?.total;
  }
}
