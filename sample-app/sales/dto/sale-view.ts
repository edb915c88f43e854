import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { RefundView } from '../../refunds/dto/refund-view.js';
import type { Sale } from '../sales-store.js';

/** Sale as clients of the shop see it. */
export class SaleView {
  @ApiProperty({ example: 'DEMO-SALE' })
  readonly outTradeNo: string;

  @ApiProperty({ example: 'Tea cup × 1' })
  readonly description: string;

  @ApiProperty({ description: 'In fen.', type: 'integer', example: 1999 })
  readonly total: number;

  @ApiProperty({
    enum: ['unpaid', 'paid', 'cancelled', 'refunded'],
    description: '`refunded` only if the shop learnt of the refund before the payment: nothing is shipped.',
  })
  readonly state: string;

  @ApiProperty({ description: 'Last moment to pay, in UTC.', format: 'date-time' })
  readonly expiresAt: string;

  @ApiPropertyOptional({
    description: 'What told first of the payment.',
    enum: ['notification', 'query', 'reply'],
  })
  readonly toldBy?: string;

  @ApiProperty({ type: [RefundView] })
  readonly refunds: readonly RefundView[];

  constructor(sale: Sale) {
    this.outTradeNo = sale.outTradeNo;
    this.description = sale.description;
    this.total = sale.total;
    this.state = stateOf(sale);
    this.expiresAt = sale.expiresAt.toISOString();
    this.toldBy = sale.payment?.toldBy;
    this.refunds = (sale.refunds ?? []).map((refund) => new RefundView(refund));
  }
}

function stateOf({ payment, isCancelled }: Sale): string {
  if (payment !== undefined) return payment.isRefunded ? 'refunded' : 'paid';
  return isCancelled ? 'cancelled' : 'unpaid';
}
