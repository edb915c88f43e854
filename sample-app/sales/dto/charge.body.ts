import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

const PATTERN = /^1\d{17}$/;

/** What the scanner at the counter read. */
export class ChargeBody {
  @ApiProperty({ description: 'The payment code of the customer. It is a secret.', pattern: PATTERN.source })
  @Matches(PATTERN, { message: 'authCode must be a payment code of WeChat Pay, 18 digits' })
  readonly authCode: string = '';
}
