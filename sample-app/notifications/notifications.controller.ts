import { Controller, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Notification, VerifyNotification, type WxPayNotification } from 'nestjs-wxpay';
import { SalesService } from '../sales/sales.service.js';

/** Its address is the `notify_url` of the shop's orders. */
@ApiExcludeController()
@Controller('wxpay/notifications')
export class NotificationsController {
  constructor(private readonly sales: SalesService) {}

  @Post()
  @VerifyNotification()
  receive(@Notification() notification: WxPayNotification): Promise<void> {
    return this.sales.receive(notification);
  }
}
