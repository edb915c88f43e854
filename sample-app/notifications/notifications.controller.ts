import { Controller, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Notification, VerifyNotification, type WxPayNotification } from 'nestjs-wxpay';
import { FulfilmentService } from '../sales/fulfilment.service.js';

/** Its address is the `notify_url` of the shop's orders. */
@ApiExcludeController()
@Controller('wxpay/notifications')
export class NotificationsController {
  constructor(private readonly fulfilment: FulfilmentService) {}

  @Post()
  @VerifyNotification()
  receive(@Notification() notification: WxPayNotification): Promise<void> {
    return this.fulfilment.receive(notification);
  }
}
