import { Module } from '@nestjs/common';
import { OrderSweepService } from '../orders/order-sweep.service.js';
import { WxPayMerchants } from './merchants.js';

/** Provides the registry of a Nest container and the services that serve all of its merchants; every `WxPayModule` imports it. */
@Module({
  providers: [
    WxPayMerchants,
    {
      provide: OrderSweepService,
      useFactory: (merchants: WxPayMerchants) => new OrderSweepService(merchants.access()),
      inject: [WxPayMerchants],
    },
  ],
  exports: [WxPayMerchants, OrderSweepService],
})
export class WxPayMerchantsModule {}
