import { applyDecorators } from '@nestjs/common';
import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isOverseas, isSafeOrigin, OVERSEAS_FAULT } from '../transport/origin.js';

/** Accepts `https://host[:port]`, and plain http for loopback addresses only; none of the hosts of overseas merchants. */
export function IsOrigin(options: ValidationOptions): PropertyDecorator {
  return applyDecorators(
    ValidateBy({ name: 'isOrigin', validator: { validate: isSafeOrigin } }, options),
    ValidateBy(
      { name: 'isNotOverseas', validator: { validate: (value) => !isOverseas(value) } },
      { ...options, message: OVERSEAS_FAULT },
    ),
  );
}
