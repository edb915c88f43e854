import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { WxPayExceptionFilter } from 'nestjs-wxpay';
import { WxPayTelemetryModule } from 'nestjs-wxpay/opentelemetry';
import { BillsModule } from './bills/bills.module.js';
import type { Settings } from './config/settings.js';
import { SettingsModule } from './config/settings.module.js';
import { DemoModule } from './demo/demo.module.js';
import { HealthModule } from './health/health.module.js';
import { ConnectionDrain } from './http/connection-drain.js';
import { HttpErrorFilter } from './http/http-error.filter.js';
import { InputPipe } from './http/input.pipe.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { RefundsModule } from './refunds/refunds.module.js';
import { trackSales } from './sales/sale-tracking.js';
import { SalesModule } from './sales/sales.module.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    OrdersModule,
    SalesModule,
    RefundsModule,
    BillsModule,
    NotificationsModule,
    HealthModule,
    // Without an SDK, such as the one of telemetry/print-spans.ts, it reports nothing.
    WxPayTelemetryModule.forRoot(),
  ],
  providers: [
    { provide: APP_PIPE, useClass: InputPipe },
    // The last one that takes an error gets it: what is not WeChat Pay's is left to the first.
    { provide: APP_FILTER, useClass: HttpErrorFilter },
    { provide: APP_FILTER, useClass: WxPayExceptionFilter },
  ],
})
export class AppModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      // An app of your own needs PaymentsModule only.
      imports: [
        SettingsModule.forRoot(settings),
        ...(settings.redisUrl === undefined ? [] : [trackSales(settings.redisUrl)]),
        settings.mode === 'demo' ? DemoModule.forRoot(settings) : PaymentsModule.forRoot(settings),
      ],
      providers: [ConnectionDrain],
    };
  }
}
