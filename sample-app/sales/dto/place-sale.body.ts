import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import { ARTICLES, type Article } from '../articles.js';

const NAMES = Object.keys(ARTICLES);
const QUANTITY = { message: 'quantity must be a whole number from 1 to 99' };

/** What a customer orders. */
export class PlaceSaleBody {
  @ApiProperty({ enum: NAMES })
  @IsIn(NAMES, { message: `article must be one of ${NAMES.join(', ')}` })
  readonly article!: Article;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 99, default: 1 })
  @IsInt(QUANTITY)
  @Min(1, QUANTITY)
  @Max(99, QUANTITY)
  readonly quantity: number = 1;
}
