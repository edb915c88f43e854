import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Sale } from './sales-store.js';

/** A sale as clients of the shop see it. */
export class SaleView {
  @ApiProperty({ example: 'DEMO-UNPAID' })
  readonly outTradeNo: string;

  @ApiProperty({ description: 'In fen.' })
  readonly total: number;

  @ApiProperty({ description: 'Whether the shop knows that it is paid, and was not refunded before.' })
  readonly isPaid: boolean;

  @ApiPropertyOptional({ description: 'Who told first.', enum: ['notification', 'query'] })
  readonly toldBy?: string;

  constructor({ outTradeNo, total, payment }: Sale) {
    this.outTradeNo = outTradeNo;
    this.total = total;
    this.isPaid = payment?.isRefunded === false;
    this.toldBy = payment?.toldBy;
  }
}
