import {
  applyDecorators,
  Injectable,
  SetMetadata,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { DEFAULT_MERCHANT } from '../merchants/merchant.js';
import { NotificationFilter } from './notification.filter.js';
import { NOTIFICATION_GUARD, NotificationGuard, type NotificationMerchant } from './notification.guard.js';
import { NotificationInterceptor } from './notification.interceptor.js';

export interface VerifyNotificationOptions {
  /**
   * The name of the merchant; where several share a route, how to tell it from the request, from a parameter of the
   * path for example. A function may be async; WeChat Pay waits meanwhile. Default: the merchant without a name.
   */
  readonly merchant?: NotificationMerchant | undefined;
}

/**
 * Receives notifications (回调通知) of WeChat Pay on a route, or on all routes of a controller: the handler is called
 * for genuine ones only, and WeChat Pay is answered by how it ends.
 *
 * If it succeeds, WeChat Pay is told so, whatever it returns; if it throws, WeChat Pay sends the notification again, for a
 * day. It has less than five seconds: store what happened, return, then work. The same notification may come twice.
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
