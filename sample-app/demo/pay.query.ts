import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';

const FATES = ['sent', 'lost', 'twice'] as const;

/** What is to become of the notification of a demo payment. */
export class PayQuery {
  @ApiPropertyOptional({ enum: FATES, default: 'sent' })
  @IsIn(FATES, { message: `notification must be one of ${FATES.join(', ')}` })
  readonly notification: (typeof FATES)[number] = 'sent';
}
