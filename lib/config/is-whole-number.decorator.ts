import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

interface WholeNumber {
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
}

/** A number without a fraction, as a variable holds it: a text. */
export function IsWholeNumber({
  unit,
  min = 1,
  max = Number.MAX_SAFE_INTEGER,
}: WholeNumber): PropertyDecorator {
  const message = `must be a whole number of ${unit} from ${min} to ${max}.`;
  return applyDecorators(
    Type(() => Number),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}
