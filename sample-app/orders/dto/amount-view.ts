import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { OrderAmount } from 'nestjs-wxpay';

/** Money in integer fen (分), a hundredth of a yuan. */
export class AmountView {
  @ApiProperty({ description: 'In fen.', type: 'integer', example: 1999 })
  readonly total: number;

  @ApiPropertyOptional({
    description: 'What the customer paid after coupons, in fen.',
    type: 'integer',
    example: 1499,
  })
  readonly payerTotal?: number;

  @ApiPropertyOptional({ example: 'CNY' })
  readonly currency?: string;

  constructor({ total, payerTotal, currency }: OrderAmount) {
    this.total = total;
    this.payerTotal = payerTotal;
    this.currency = currency;
  }
}
