import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  Controller,
  Injectable,
  Post,
  Res,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { VerifyNotification, WxPayConfigError } from 'nestjs-wxpay';
import { catchError, of, type Observable } from 'rxjs';
import {
  ADAPTERS,
  startNotificationApp,
  type NotificationApp,
} from '../../support/harness/notification-app.js';
import { NotificationLog } from '../../support/harness/notification-log.js';
import { merchantOf, SHOP_KEYS } from '../../support/harness/shop-notifications.js';
import { signNotification } from '../../support/signing/signed-notification.js';

/** What a handler uses of a response of either platform. */
interface AppResponse {
  end(body: string): unknown;
  /** Of Fastify only, which leaves ending to it. */
  readonly raw?: Pick<AppResponse, 'end'>;
}

const ENVELOPE = { code: 0, message: 'taken care of' };

let logger: NotificationLog;
beforeEach(() => {
  logger = new NotificationLog();
});

describe.each(ADAPTERS)('@VerifyNotification() on %s', (adapter) => {
  it('logs a handler that throws after it has sent the answer itself', async () => {
    @Controller()
    class NotificationsController {
      @Post('notify')
      @VerifyNotification()
      receive(@Res() response: AppResponse): void {
        (response.raw ?? response).end('done');
        throw new BadRequestException('The amount differs.');
      }
    }
    await using app = await startNotificationApp({
      adapter,
      merchants: [merchantOf(SHOP_KEYS)],
      app: { logger },
      controllers: [NotificationsController],
    });

    const answer = await app.send(signNotification(SHOP_KEYS));

    expect(answer).toMatchObject({ body: 'done' });
    expect(logger.lines).toEqual([
      expect.stringMatching(
        /^error: \[\w+\] Notification \S+ was verified, but not processed, though it was answered already\. .* it does not come again: query the order, .*: The amount differs\.$/,
      ),
    ]);
  });
});

@Injectable()
class SwallowingInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError(() => of(ENVELOPE)));
  }
}

function routeOf(...decorators: readonly MethodDecorator[]): Type {
  class NotificationsController {
    receive(): void {
      throw new Error('The database is gone.');
    }
  }
  const { prototype } = NotificationsController;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'receive');
  Reflect.decorate([...decorators, Post('notify')], prototype, 'receive', descriptor);
  Controller()(NotificationsController);
  return NotificationsController;
}

describe('@VerifyNotification(), with another interceptor', () => {
  const verify = VerifyNotification();
  const swallowing = UseInterceptors(SwallowingInterceptor);
  const start = (controller: Type): Promise<NotificationApp> =>
    startNotificationApp({
      adapter: 'Express',
      merchants: [merchantOf(SHOP_KEYS)],
      app: { logger },
      controllers: [controller],
    });
  const onClass = (decorator: ClassDecorator, controller: Type): Type => {
    decorator(controller);
    return controller;
  };
  const inherited = (): Type => {
    class ShopController extends routeOf(swallowing) {}
    return onClass(verify, onClass(Controller(), ShopController));
  };

  it.each<[string, () => Type]>([
    ['is written above it', () => routeOf(swallowing, verify)],
    ['is an instance', () => routeOf(UseInterceptors(new SwallowingInterceptor()), verify)],
    ['is on the method, it on the class', () => onClass(verify, routeOf(swallowing))],
    ['is on the method, it on the class, too', () => onClass(verify, routeOf(verify, swallowing))],
    ['is above it on the class', () => onClass(swallowing, onClass(verify, routeOf()))],
    ['is on an inherited method, it on the class', inherited],
  ])('does not start if the interceptor could hide a failure: it %s', async (_, controllerOf) => {
    const starting = start(controllerOf());

    await expect(starting).rejects.toThrow(WxPayConfigError);
    await expect(starting).rejects.toThrow(
      /^SwallowingInterceptor runs between @VerifyNotification\(\) and \w+Controller\.receive, and could hide .* above @UseInterceptors\(\)\.$/,
    );
  });

  it.each<[string, () => Type]>([
    ['is written below it', () => routeOf(verify, swallowing)],
    ['is on the class, it on the method', () => onClass(swallowing, routeOf(verify))],
    ['is below it on the class', () => onClass(verify, onClass(swallowing, routeOf()))],
  ])('starts if the interceptor cannot hide a failure: it %s', async (_, controllerOf) => {
    await using app = await start(controllerOf());

    const answer = await app.send(signNotification(SHOP_KEYS));

    expect(answer).toMatchObject({ status: 500, body: expect.stringContaining('FAIL') });
    expect(logger.lines).toEqual([expect.stringContaining('its handler did not end well')]);
  });

  it('ignores interceptors of other routes of the controller', async () => {
    @Controller()
    class MixedController {
      @Post('notify')
      @VerifyNotification()
      receive(): void {}

      @Post('other')
      @UseInterceptors(SwallowingInterceptor)
      other(): void {}
    }

    await using app = await start(MixedController);

    expect(await app.send(signNotification(SHOP_KEYS))).toMatchObject({ status: 204 });
  });
});
