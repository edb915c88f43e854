import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { OutTradeNoParams } from '../../orders/dto/out-trade-no.params.js';

/** WeChat Pay allows 50 refunds of an order. */
const PATTERN = /^([1-9]|[1-4]\d|50)$/;

/** The path parameters of a refund: that of its sale, and the refund's number within the sale. */
export class RefundParams extends OutTradeNoParams {
  @ApiProperty({ description: 'Count the refunds of a sale: 1 for the first one.', pattern: PATTERN.source })
  @Matches(PATTERN, { message: 'number must be from 1 to 50' })
  readonly number: string = '';
}
