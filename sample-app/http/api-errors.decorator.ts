import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ErrorBody } from './error-body.js';
import { ERROR_EXAMPLES } from './error-examples.js';

const DESCRIPTIONS = {
  400: 'The request is malformed; the message says how.',
  404: 'The shop, or WeChat Pay, knows no such order.',
  409: 'The state of the order does not allow this: `ORDER_PAID`, or `TRADE_ERROR` for an open payment-code order.',
  500: 'The payment service is misconfigured.',
  502: 'WeChat Pay, or the signing service, could not be reached, or the answer could not be verified.',
  503: 'WeChat Pay is busy; `Retry-After` says when to try again.',
  504: 'WeChat Pay did not reply in time; what was asked may have been carried out. Ask again.',
} as const;

/** Documents what a route that asks WeChat Pay may be refused with. */
export function ApiErrors(...expected: (400 | 404 | 409)[]): MethodDecorator {
  return applyDecorators(
    ...([...expected, 500, 502, 503, 504] as const).map((status) =>
      ApiResponse({
        status,
        description: DESCRIPTIONS[status],
        type: ErrorBody,
        example: ERROR_EXAMPLES[status],
      }),
    ),
  );
}
