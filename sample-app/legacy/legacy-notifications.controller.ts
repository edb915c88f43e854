import { Controller, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Notification, VerifyNotification, type WxPayNotification } from 'nestjs-wxpay';
import { NotificationsService } from '../notifications/notifications.service.js';
import { LEGACY_MERCHANT } from './legacy-merchant.js';

/** The same over APIv2: XML comes and goes, and nothing here shows it. */
@ApiExcludeController()
@Controller('legacy/wxpay/notifications')
export class LegacyNotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Post()
  @VerifyNotification({ merchant: LEGACY_MERCHANT })
  receive(@Notification() notification: WxPayNotification): Promise<void> {
    return this.notifications.receive(notification);
  }
}
