import { STATUS_CODES } from 'node:http';
import { Catch, HttpException, Logger, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { ErrorBody } from './error-body.js';

/**
 * Gives the errors of Nest, of its body parsers and of the app itself the body that everything else has: an unknown route,
 * malformed JSON, a body that is too large, a defect.
 */
@Catch()
export class HttpErrorFilter extends BaseExceptionFilter {
  private readonly logger = new Logger(HttpErrorFilter.name);

  override catch(exception: unknown, host: ArgumentsHost): void {
    const statusCode = statusOf(exception);
    if (statusCode >= 500) this.logger.error(exception);
    // oxlint-disable-next-line promise/valid-params -- the method of the base filter, no promise
    super.catch(hasOwnBody(exception) ? exception : answer(statusCode, exception), host);
  }
}

function answer(statusCode: number, cause: unknown): HttpException {
  const error = STATUS_CODES[statusCode] ?? 'Error';
  const code = error.toUpperCase().replaceAll(/\W+/g, '_');
  // The text of a defect is for the log only.
  const message = statusCode < 500 && cause instanceof Error ? cause.message : error;
  return new HttpException(new ErrorBody({ statusCode, error, code, message }), statusCode, { cause });
}

/** Body parsers throw errors of their own, with the status in a member. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = (error ?? {}) as { readonly statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}

/** What the app refuses by itself says more than its status, and so does a failed health check. */
function hasOwnBody(error: unknown): boolean {
  if (!(error instanceof HttpException)) return false;
  const body = error.getResponse();
  return body instanceof ErrorBody || (typeof body === 'object' && 'details' in body);
}
