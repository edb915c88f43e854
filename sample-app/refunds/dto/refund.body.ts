import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Length, Min } from 'class-validator';

const AMOUNT = { message: 'amount must be a whole number of fen, at least 1' };

/** What goes back to the customer. */
export class RefundBody {
  @ApiProperty({ description: 'In fen.', type: 'integer', minimum: 1, example: 100 })
  @IsInt(AMOUNT)
  @Min(1, AMOUNT)
  readonly amount!: number;

  @ApiPropertyOptional({ description: 'Shown to the customer.', maxLength: 26 })
  @IsOptional()
  // WeChat Pay takes 80 bytes, and a Chinese character has three.
  @Length(1, 26, { message: 'reason must be 1 to 26 characters' })
  readonly reason?: string;
}
