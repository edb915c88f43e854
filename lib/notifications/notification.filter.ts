import {
  Catch,
  HttpException,
  Inject,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { safeLine } from '../errors/redact.js';
import { safeCause, safeStack } from '../errors/safe-cause.js';
import { refused } from './answer.js';
import { receptionOf, type Reception } from './reception.js';
import { NotificationRefused } from './refusal.js';

/** Tells WeChat Pay to send a notification again, whatever went wrong on its route, in the form that it reads. */
@Catch()
export class NotificationFilter implements ExceptionFilter {
  private readonly logger = new Logger('WxPayNotifications');

  constructor(@Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse();
    const reception = receptionOf(http.getRequest());
    const status = statusOf(error);
    const isOurs = error instanceof NotificationRefused;
    const adapter = this.adapterHost.httpAdapter;
    const isAnswered = adapter.isHeadersSent(response);
    if (!isOurs) this.report(error, isAnswered ? 'answered' : status, reception);
    if (isAnswered) {
      adapter.end(response);
      return;
    }
    const message = isOurs ? error.message : 'The notification could not be processed.';
    const answer = refused(reception.api, status, message);
    reception.answer = answer;
    adapter.setHeader(response, 'Content-Type', answer.contentType);
    adapter.reply(response, answer.body, answer.status);
  }

  private report(thrown: unknown, status: number | 'answered', { notification }: Reception): void {
    const outcome =
      status === 'answered'
        ? 'though it was answered already. If that was a success, it does not come again: query the order, and answer nothing through @Res()'
        : 'so WeChat Pay sends it again';
    const what =
      notification === undefined
        ? 'A notification was refused before it could be verified'
        : `Notification ${notification.id} was verified, but not processed, ${outcome}`;
    const error = thrown instanceof Error ? thrown : new Error('something that is not an error was thrown');
    // Until it is verified, a stranger may have had a say in what is thrown, by a look-up of the merchant for example.
    const { message } = notification === undefined ? safeCause(error) : error;
    const line = `${what}: ${safeLine(message)}`;
    if (status !== 'answered' && status < 500) this.logger.warn(line);
    else this.logger.error(line, safeStack(error));
  }
}

/** That of an HttpException, if it says that something went wrong: only so does WeChat Pay send it again. */
function statusOf(error: unknown): number {
  const status = error instanceof HttpException ? error.getStatus() : 500;
  return status >= 400 && status <= 599 ? status : 500;
}
