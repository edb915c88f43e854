import { Controller, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Notification, VerifyNotification, type Order, type WxPayNotification } from 'nestjs-wxpay';
import { SalesService } from '../sales/sales.service.js';

/** Its address is the `notify_url` of the shop's orders. */
@ApiExcludeController()
@Controller('wxpay/notifications')
export class NotificationsController {
  constructor(private readonly sales: SalesService) {}

  @Post()
  @VerifyNotification()
  async receive(@Notification() { originalType, resource }: WxPayNotification<Order>): Promise<void> {
    // Refunds and the like are none of this route's business, but are accepted, so that they are not sent again.
    if (originalType === 'transaction') await this.sales.apply(resource, 'notification');
  }
}
