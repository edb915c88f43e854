import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { WxPayNotification } from '../domain/notification.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { receptionOf } from './reception.js';

const readNotification = createParamDecorator((_: unknown, context: ExecutionContext): WxPayNotification => {
  const { notification } = receptionOf(context.switchToHttp().getRequest());
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
