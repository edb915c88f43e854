import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Sale } from './sales-store.js';

/** A sale as clients of the shop see it. */
export class SaleView {
  @ApiProperty({ example: 'DEMO-UNPAID' })
  readonly outTradeNo: string;

  @ApiProperty({ description: 'In fen.' })
  readonly total: number;

  @ApiProperty({ description: 'Whether the shop knows of the payment.' })
  readonly isPaid: boolean;

  @ApiPropertyOptional({ description: 'Who told first.', enum: ['notification', 'query'] })
  readonly toldBy?: string;

  constructor({ outTradeNo, total, payment }: Sale) {
    this.outTradeNo = outTradeNo;
    this.total = total;
    this.isPaid = payment !== undefined;
    this.toldBy = payment?.toldBy;
  }
}
