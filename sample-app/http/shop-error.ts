import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { ErrorBody } from './error-body.js';

/** Refusal by the shop itself, with the same body as every other error. */
export class ShopError extends HttpException {
  constructor(statusCode: 404 | 409, code: string, message: string) {
    const error = STATUS_CODES[statusCode] ?? 'Error';
    super(new ErrorBody({ statusCode, error, code, message }), statusCode);
  }
}
