import { Module } from '@nestjs/common';
import { getWxPayToken, OrderCloseService, OrderQueryService } from 'nestjs-wxpay';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { OrdersService } from '../orders/orders.service.js';
import { LEGACY_MERCHANT } from './legacy-merchant.js';
import { LegacyNotificationsController } from './legacy-notifications.controller.js';
import { LegacyOrdersController } from './legacy-orders.controller.js';

/** The same domain service over another merchant, which still uses APIv2: nothing in it changes. */
@Module({
  imports: [NotificationsModule],
  controllers: [LegacyOrdersController, LegacyNotificationsController],
  providers: [
    {
      provide: OrdersService,
      useFactory: (orderQuery: OrderQueryService, orderClose: OrderCloseService) =>
        new OrdersService(orderQuery, orderClose),
      inject: [
        getWxPayToken(OrderQueryService, LEGACY_MERCHANT),
        getWxPayToken(OrderCloseService, LEGACY_MERCHANT),
      ],
    },
  ],
})
export class LegacyOrdersModule {}
