import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { concat, defer, EMPTY, ignoreElements, of, type Observable } from 'rxjs';
import { NotificationExchange } from './notification-exchange.js';

/** Accepts a notification when its handler has succeeded. The return value of the handler is ignored. */
@Injectable()
export class NotificationInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<undefined> {
    const exchange = NotificationExchange.of(context.switchToHttp().getRequest());
    // An interceptor of the app may run the handler again: its last run counts.
    const undecided = defer(() => {
      exchange.undecided();
      return EMPTY;
    });
    const accepted = defer(() => {
      exchange.accept();
      return of(undefined);
    });
    return concat(undecided, next.handle().pipe(ignoreElements()), accepted);
  }
}
