import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsIn } from 'class-validator';
import { ARTICLES, type Article } from '../articles.js';

const NAMES = Object.keys(ARTICLES);
const SIZE = { message: 'articles must list 2 to 10 articles' };

/** What a customer orders at once. */
export class PlaceCartBody {
  @ApiProperty({ enum: NAMES, isArray: true, minItems: 2, maxItems: 10, example: ['tea', 'cup'] })
  @IsIn(NAMES, { each: true, message: `articles must be of ${NAMES.join(', ')}` })
  @ArrayMinSize(2, SIZE)
  @ArrayMaxSize(10, SIZE)
  readonly articles: readonly Article[] = [];
}
