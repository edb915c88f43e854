import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { NotificationExchange } from './notification-exchange.js';
import { logFailure } from './notification-log.js';
import { NotificationRefused } from './refusal.js';

/** Refuses a notification when anything on its route throws, so that WeChat Pay sends it again. */
@Catch()
export class NotificationFilter implements ExceptionFilter {
  constructor(@Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse();
    const exchange = NotificationExchange.of(http.getRequest());
    const status = statusOf(error);
    const isOurs = error instanceof NotificationRefused;
    const adapter = this.adapterHost.httpAdapter;
    const isAnswered = adapter.isHeadersSent(response);
    if (!isOurs) logFailure(error, isAnswered ? 'answered' : status, exchange.notification);
    if (isAnswered) {
      adapter.end(response);
      return;
    }
    const message = isOurs ? error.message : 'The notification could not be processed.';
    const answer = exchange.refuse(status, message);
    // The guard may not have taken the response over: a guard of the app may have thrown before it.
    adapter.setHeader(response, 'Content-Type', answer.contentType);
    adapter.reply(response, answer.body, answer.status);
    exchange.answered(answer.status);
  }
}

/** Returns the status of an HttpException, or 500 if that is below 400: WeChat Pay would not send the notification again. */
function statusOf(error: unknown): number {
  const status = error instanceof HttpException ? error.getStatus() : 500;
  return status >= 400 && status <= 599 ? status : 500;
}
