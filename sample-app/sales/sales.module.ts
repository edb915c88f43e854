import { Module } from '@nestjs/common';
import { CartsController } from './carts.controller.js';
import { CartsService } from './carts.service.js';
import { CounterController } from './counter.controller.js';
import { CounterService } from './counter.service.js';
import { PayPageController } from './pay-page.controller.js';
import { SalesController } from './sales.controller.js';
import { SalesService } from './sales.service.js';
import { SalesStoreModule } from './sales-store.module.js';
import { SalesTimer } from './sales-timer.js';
import { UnpaidSalesService } from './unpaid-sales.service.js';

@Module({
  imports: [SalesStoreModule],
  controllers: [SalesController, PayPageController, CounterController, CartsController],
  providers: [SalesService, CounterService, CartsService, UnpaidSalesService, SalesTimer],
  exports: [SalesService, SalesStoreModule],
})
export class SalesModule {}
