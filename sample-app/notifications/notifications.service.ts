import { Injectable, Logger, Optional } from '@nestjs/common';
import { WxPayMerchants, type Order, type WxPayNotification } from 'nestjs-wxpay';
import { OrderTracker } from 'nestjs-wxpay/bullmq';
import { RefundsService } from '../refunds/refunds.service.js';
import { attempt } from '../sales/attempt.js';
import { FulfilmentService } from '../sales/fulfilment.service.js';

/** Passes notifications on, by what they are about. */
@Injectable()
export class NotificationsService {
  private readonly logger = new Logger(NotificationsService.name);

  constructor(
    private readonly fulfilment: FulfilmentService,
    private readonly refunds: RefundsService,
    private readonly merchants: WxPayMerchants,
    /** Present with `REDIS_URL`. */
    @Optional() private readonly tracker?: OrderTracker,
  ) {}

  /** @throws {Error} if the shop cannot make use of it: WeChat Pay sends it again */
  async receive(notification: WxPayNotification): Promise<void> {
    const { merchant } = notification;
    switch (notification.originalType) {
      case 'transaction': {
        const { resource } = notification;
        if ('combineOutTradeNo' in resource) {
          await this.fulfilment.applyCombined(merchant, resource, 'notification');
        } else {
          await this.fulfilment.apply(merchant, resource, 'notification');
          await this.endTracking(merchant, resource);
        }
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

  /** Makes the job of a paid order query it now: it finds the payment, and is done. The sale is paid already, whether Redis answers or not. */
  private async endTracking(merchant: string, order: Order): Promise<void> {
    await attempt(this.logger, `Sale ${order.outTradeNo}`, async () =>
      this.tracker?.confirm(order, merchant),
    );
  }
}
