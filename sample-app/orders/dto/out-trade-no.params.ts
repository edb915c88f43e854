import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

const PATTERN = /^[0-9A-Za-z_\-|*@]{1,32}$/;

/** The path parameter of routes that take the shop's order number. */
export class OutTradeNoParams {
  @ApiProperty({
    description: "The shop's order number.",
    example: 'DEMO-PAID',
    pattern: PATTERN.source,
  })
  @Matches(PATTERN, { message: 'outTradeNo must be 1 to 32 characters of 0-9 A-Z a-z _ - | * @' })
  readonly outTradeNo: string = '';
}
