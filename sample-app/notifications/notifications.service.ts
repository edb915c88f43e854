import { Injectable } from '@nestjs/common';
import { WxPayMerchants, type WxPayNotification } from 'nestjs-wxpay';
import { RefundsService } from '../refunds/refunds.service.js';
import { FulfilmentService } from '../sales/fulfilment.service.js';

/** Passes notifications on, by what they are about. */
@Injectable()
export class NotificationsService {
  constructor(
    private readonly fulfilment: FulfilmentService,
    private readonly refunds: RefundsService,
    private readonly merchants: WxPayMerchants,
  ) {}

  /** @throws {Error} if the shop cannot make use of it: WeChat Pay sends it again */
  async receive(notification: WxPayNotification): Promise<void> {
    const { merchant } = notification;
    switch (notification.originalType) {
      case 'transaction': {
        const { resource } = notification;
        if ('combineOutTradeNo' in resource) {
          await this.fulfilment.applyCombined(merchant, resource, 'notification');
        } else await this.fulfilment.apply(merchant, resource, 'notification');
        return;
      }
      case 'refund': {
        const { resource, signed } = notification;
        // APIv2 does not sign it: it is a reason to ask, and no more.
        const { refunds } = this.merchants.get(merchant);
        await this.refunds.note(merchant, signed ? resource : await refunds.query(resource));
        return;
      }
      default:
      // Other events are accepted, so that they are not sent again.
    }
  }
}
