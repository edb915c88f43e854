import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

const PATTERN = /^[0-9A-Za-z_-]{1,32}$/;

/** The path parameter of routes that take WeChat's order number. */
export class TransactionIdParams {
  @ApiProperty({
    description: "WeChat's order number, which a paid order has.",
    example: '4200000000202601010000000001',
    pattern: PATTERN.source,
  })
  @Matches(PATTERN, { message: 'transactionId must be 1 to 32 characters of 0-9 A-Z a-z _ -' })
  readonly transactionId: string = '';
}
