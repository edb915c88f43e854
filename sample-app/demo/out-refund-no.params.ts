import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

const PATTERN = /^[0-9A-Za-z_\-|*@]{1,64}$/;

/** The path parameter of routes that take the shop's number of a refund. */
export class OutRefundNoParams {
  @ApiProperty({
    description: "The shop's number of the refund.",
    example: 'DEMO-SALE-1',
    pattern: PATTERN.source,
  })
  @Matches(PATTERN, { message: 'outRefundNo must be 1 to 64 characters of 0-9 A-Z a-z _ - | * @' })
  readonly outRefundNo: string = '';
}
