import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { concat, defer, EMPTY, ignoreElements, of, type Observable } from 'rxjs';
import { accepted } from './answer.js';
import { receptionOf } from './reception.js';

/** Decides to tell WeChat Pay what it wants to hear of a handler that succeeded, whatever the handler returns. */
@Injectable()
export class NotificationInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<undefined> {
    const reception = receptionOf(context.switchToHttp().getRequest());
    // An interceptor of the app may have the handler run again: what counts is how it ends the last time.
    const undecided = defer(() => {
      reception.answer = undefined;
      return EMPTY;
    });
    const decided = defer(() => {
      reception.answer = accepted(reception.api);
      return of(undefined);
    });
    return concat(undecided, next.handle().pipe(ignoreElements()), decided);
  }
}
