import { ApiProperty } from '@nestjs/swagger';
import { IsDateString, Matches } from 'class-validator';

const PATTERN = /^\d{4}-\d{2}-\d{2}$/;
const DAY = { message: 'date must be a day, such as 2026-11-28' };

/** The path parameter of routes about a bill. */
export class BillParams {
  @ApiProperty({ description: 'A day in Beijing that has ended.', format: 'date', example: '2026-11-28' })
  @Matches(PATTERN, DAY)
  @IsDateString({ strict: true }, DAY)
  readonly date: string = '';
}
