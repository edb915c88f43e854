import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  SetMetadata,
  UseFilters,
  UseGuards,
  UseInterceptors,
  type ExecutionContext,
} from '@nestjs/common';
import type { WxPayNotification } from '../domain/notification.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { DEFAULT_MERCHANT } from '../rules/default-merchant.js';
import type { NotificationMerchant } from './merchant-lookup.js';
import { NotificationExchange } from './notification-exchange.js';
import { NotificationFilter } from './notification.filter.js';
import { NOTIFICATION_GUARD, NotificationGuard } from './notification.guard.js';
import { NotificationInterceptor } from './notification.interceptor.js';

export interface VerifyNotificationOptions {
  /**
   * The name of the merchant. Where several share a route: a function that finds the name by the request, for example by a
   * parameter of the path. It may be async; WeChat Pay waits meanwhile. Default: the merchant without a name.
   */
  readonly merchant?: NotificationMerchant | undefined;
}

/**
 * Receives notifications (回调通知) of WeChat Pay on a route, or on all routes of a controller. The handler is called for
 * verified notifications only.
 *
 * If the handler succeeds, WeChat Pay is told so, and its return value is ignored. If it throws, WeChat Pay sends the
 * notification again, for a day. It has less than five seconds: store the event, return, then work. The same notification
 * may come twice.
 *
 * The app has to be created with `{ rawBody: true }`, and the module to import `WxPayModule`. Interceptors of the method
 * are written below this decorator: between it and the handler, one could hide that the handler failed.
 *
 * @example
 * ```ts
 * @Post('wxpay/notifications')
 * @VerifyNotification()
 * async paid(@Notification() { merchant, originalType, resource }: WxPayNotification): Promise<void> {
 *   if (originalType !== 'transaction') return;
 *   if ('combineOutTradeNo' in resource) throw new Error('This shop places no combine orders.');
 *   if (resource.tradeState === 'SUCCESS') await this.payments.applyOnce(merchant, resource);
 * }
 * ```
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791861
 */
export function VerifyNotification({
  merchant = DEFAULT_MERCHANT,
}: VerifyNotificationOptions = {}): MethodDecorator & ClassDecorator {
  @Injectable()
  class VerifyNotificationGuard extends NotificationGuard {
    protected readonly merchant = merchant;
  }
  return applyDecorators(
    SetMetadata(NOTIFICATION_GUARD, VerifyNotificationGuard),
    UseGuards(VerifyNotificationGuard),
    UseInterceptors(NotificationInterceptor),
    UseFilters(NotificationFilter),
  );
}

const readNotification = createParamDecorator((_: unknown, context: ExecutionContext): WxPayNotification => {
  const { notification } = NotificationExchange.of(context.switchToHttp().getRequest());
  if (notification === undefined) {
    throw new WxPayConfigError([
      `@Notification() of ${context.getClass().name}.${context.getHandler().name} has no verified notification. Put @VerifyNotification() on the method or its class.`,
    ]);
  }
  return notification;
});

/** Injects the notification that `@VerifyNotification()` verified and decrypted: a {@link WxPayNotification}. */
export function Notification(): ParameterDecorator {
  return readNotification();
}
