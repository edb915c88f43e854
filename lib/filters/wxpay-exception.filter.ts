import { ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, type HttpException, Logger } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { type Observable, throwError } from 'rxjs';
import { LogEntry } from '../errors/log-entry.js';
import { WxPayApiError } from '../errors/wxpay-api-error.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPayError } from '../errors/wxpay-error.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { emitException } from './emit-exception.js';
import { toHttpException } from './to-http-exception.js';

const DEFAULT_RETRY_AFTER_SECONDS = 5;

/**
 * Converts WeChat Pay failures into error responses in every kind of handler: HTTP, microservices, WebSocket gateways and
 * GraphQL. The body is built by {@link toHttpException}. Failures not caused by the client are logged with their remedy.
 *
 * Register it with `{ provide: APP_FILTER, useClass: WxPayExceptionFilter }`, with `@UseFilters(WxPayExceptionFilter)` or
 * with `app.useGlobalFilters(new WxPayExceptionFilter(app.get(HttpAdapterHost).httpAdapter))`. Global filters do not apply to
 * WebSocket gateways: use `@UseFilters` there.
 */
@Catch(WxPayError)
export class WxPayExceptionFilter extends BaseExceptionFilter<WxPayError | HttpException> {
  private readonly logger = new Logger(WxPayExceptionFilter.name);

  override catch(error: WxPayError, host: ArgumentsHost): Observable<never> | undefined {
    const exception = toHttpException(error);
    this.report(error, exception.getStatus());
    switch (host.getType<string>()) {
      case 'http':
        this.respond(exception, error, host);
        return undefined;
      case 'rpc':
        // Throwing would leave the client without a response.
        return throwError(() => exception.getResponse());
      case 'ws':
        // Throwing would end the process.
        emitException(host, exception.getResponse());
        return undefined;
      default:
        // GraphQL reads `extensions` from the error unless the driver derives them from an HttpException.
        throw Object.assign(exception, { extensions: { code: error.code } });
    }
  }

  private respond(exception: HttpException, error: WxPayError, host: ArgumentsHost): void {
    const adapter = this.applicationRef ?? this.httpAdapterHost?.httpAdapter;
    if (adapter === undefined) {
      throw new WxPayConfigError([
        'WxPayExceptionFilter has no HTTP adapter. Pass app.get(HttpAdapterHost).httpAdapter to its constructor, or register it as APP_FILTER.',
      ]);
    }
    const response = host.switchToHttp().getResponse<object>();
    const retryAfter = retryAfterOf(error, exception.getStatus());
    if (retryAfter !== undefined && !adapter.isHeadersSent(response)) {
      // In middleware on Fastify the response is Node's own, which the adapter of Nest 10 and 11 cannot write to.
      if (response instanceof ServerResponse) response.setHeader('Retry-After', retryAfter);
      else adapter.setHeader(response, 'Retry-After', retryAfter);
    }
    // oxlint-disable-next-line promise/valid-params -- the method of the base filter, no promise
    super.catch(exception, host);
  }

  /** Logs server-side failures. Client errors (4xx) are not logged: the client can correct them itself. */
  private report(error: WxPayError, status: number): void {
    if (status === 503 || status === 504) this.logger.warn(entryFor(error, status));
    else if (status >= 500) this.logger.error(entryFor(error, status));
  }
}

function entryFor(error: WxPayError, status: number): LogEntry {
  const { message, merchant, code, outcomeUnknown } = error;
  const { operation, kind, requestId } = error instanceof WxPayApiError ? error : {};
  // The line ends in an error of this package are its own: each fault of a WxPayConfigError has a line.
  return new LogEntry(message.split('\n'), {
    merchant,
    operation,
    code,
    kind,
    requestId,
    status,
    outcomeUnknown,
  });
}

/** Returns the `Retry-After` header: a date for an order that is too young, seconds for a busy server. */
function retryAfterOf(error: WxPayError, status: number): string | undefined {
  if (error instanceof WxPayInputError) return error.retryAt?.toUTCString();
  // `Retry-After` invites a retry. Leave it out if the request may have been carried out and is not idempotent.
  const mayRetry = error.retryable || error.outcomeUnknown !== true;
  return status === 503 && mayRetry ? String(retryAfterSeconds(error)) : undefined;
}

function retryAfterSeconds(error: WxPayError): number {
  const delayMs = error instanceof WxPayApiError ? error.retryAfterMs : undefined;
  if (delayMs === undefined || !Number.isFinite(delayMs)) return DEFAULT_RETRY_AFTER_SECONDS;
  return Math.max(1, Math.ceil(delayMs / 1000));
}
