import { Controller, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Notification, VerifyNotification, type WxPayNotification } from 'nestjs-wxpay';
import { NotificationsService } from './notifications.service.js';

/** Its address is the `notify_url` of the shop's orders. */
@ApiExcludeController()
@Controller('wxpay/notifications')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Post()
  @VerifyNotification()
  receive(@Notification() notification: WxPayNotification): Promise<void> {
    return this.notifications.receive(notification);
  }
}
