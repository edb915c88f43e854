import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { concat, defer, ignoreElements, of, type Observable } from 'rxjs';
import { accepted } from './answer.js';
import { decide } from './decide.js';
import { receptionOf } from './reception.js';

/** Answers WeChat Pay what it wants to hear of a handler that succeeded, whatever the handler returns. */
@Injectable()
export class NotificationInterceptor implements NestInterceptor {
  constructor(@Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<string | undefined> {
    const http = context.switchToHttp();
    const answered = defer(() => {
      const reception = receptionOf(http.getRequest());
      const answer = accepted(reception.api);
      decide(this.adapterHost.httpAdapter, http.getResponse(), reception, answer);
      return of(answer.body === '' ? undefined : answer.body);
    });
    return concat(next.handle().pipe(ignoreElements()), answered);
  }
}
