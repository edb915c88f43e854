import { HttpService } from '@nestjs/axios';
import { Module, type DynamicModule } from '@nestjs/common';
import { WxPayModule } from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import type { Settings } from '../config/settings.js';
import { LegacyHttpModule } from '../legacy/legacy-http.module.js';
import { LEGACY_MERCHANT } from '../legacy/legacy-merchant.js';
import { LegacyOrdersModule } from '../legacy/legacy-orders.module.js';
import { SalesModule } from '../sales/sales.module.js';
import { DemoBankController } from './demo-bank.controller.js';
import { DemoCustomerController } from './demo-customer.controller.js';
import { DemoGatewayModule } from './demo-gateway.module.js';
import { DemoNotifier } from './demo-notifier.js';
import { DemoOrdersController } from './demo-orders.controller.js';
import { DemoSales } from './demo-sales.js';

/** Stands in for `PaymentsModule` where there is no merchant: real calls over a real socket, to a gateway of our own. */
@Module({
  imports: [DemoGatewayModule, SalesModule],
  controllers: [DemoOrdersController, DemoCustomerController, DemoBankController],
  providers: [DemoSales, DemoNotifier],
})
export class DemoModule {
  static forRoot({ timeoutMs }: Settings): DynamicModule {
    return {
      module: DemoModule,
      imports: [
        WxPayModule.forRootAsync({
          isGlobal: true,
          imports: [DemoGatewayModule],
          inject: [MockWxPayGateway],
          useFactory: (gateway: MockWxPayGateway) => gateway.options({ timeoutMs }),
        }),
        WxPayModule.forRootAsync({
          name: LEGACY_MERCHANT,
          isGlobal: true,
          imports: [DemoGatewayModule, LegacyHttpModule],
          inject: [MockWxPayGateway, HttpService],
          useFactory: (gateway: MockWxPayGateway, httpService: HttpService) =>
            gateway.optionsV2({ timeoutMs, httpService }),
        }),
        LegacyOrdersModule,
      ],
    };
  }
}
