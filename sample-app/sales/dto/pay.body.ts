import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

const PATTERN = /^[\w-]{1,128}$/;

/** How the customer pays. */
export class PayBody {
  @ApiPropertyOptional({
    description:
      'The customer in your mini program; an app of your own takes it from the session. Without it, the customer pays by a QR code.',
    pattern: PATTERN.source,
  })
  @IsOptional()
  @Matches(PATTERN, { message: 'openid must be 1 to 128 characters of 0-9 A-Z a-z _ -' })
  readonly openid?: string;
}
