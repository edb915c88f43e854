import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { OutTradeNoParams } from './out-trade-no.params.js';

const PATTERN = /^\d{1,32}$/;

/** The path parameters of routes about a sub-merchant's order. */
export class SubMerchantOrderParams extends OutTradeNoParams {
  @ApiProperty({ description: "The sub-merchant's number.", example: '1900000109', pattern: PATTERN.source })
  @Matches(PATTERN, { message: 'subMchid must be a merchant number, 1 to 32 digits' })
  readonly subMchid: string = '';
}
