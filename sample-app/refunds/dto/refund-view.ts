import { ApiProperty } from '@nestjs/swagger';
import type { SaleRefund } from '../../sales/sales-store.js';

/** Refund as the shop's staff sees it. */
export class RefundView {
  @ApiProperty({ example: 'DEMO-SALE-1' })
  readonly outRefundNo: string;

  @ApiProperty({ description: 'In fen.', type: 'integer', example: 100 })
  readonly amount: number;

  @ApiProperty({
    description:
      '`REQUESTED` until WeChat Pay has accepted it, then `PROCESSING`; `SUCCESS` once the customer has the money. `CLOSED` and `ABNORMAL` need a person.',
    example: 'PROCESSING',
  })
  readonly status: string;

  constructor({ outRefundNo, amount, status }: SaleRefund) {
    this.outRefundNo = outRefundNo;
    this.amount = amount;
    this.status = status;
  }
}
