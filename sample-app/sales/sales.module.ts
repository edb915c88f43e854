import { Module } from '@nestjs/common';
import { CartsController } from './carts.controller.js';
import { CartsService } from './carts.service.js';
import { CounterController } from './counter.controller.js';
import { CounterService } from './counter.service.js';
import { FulfilmentService } from './fulfilment.service.js';
import { InMemorySales } from './in-memory-sales.js';
import { PayPageController } from './pay-page.controller.js';
import { SaleOutcomes } from './sale-outcomes.service.js';
import { SalesController } from './sales.controller.js';
import { SalesService } from './sales.service.js';
import { SalesStore } from './sales-store.js';
import { SalesTimer } from './sales-timer.js';
import { UnpaidSalesService } from './unpaid-sales.service.js';

@Module({
  controllers: [SalesController, PayPageController, CounterController, CartsController],
  providers: [
    SalesService,
    FulfilmentService,
    CounterService,
    CartsService,
    SaleOutcomes,
    UnpaidSalesService,
    SalesTimer,
    { provide: SalesStore, useClass: InMemorySales },
  ],
  exports: [SalesService, FulfilmentService, SalesStore],
})
export class SalesModule {}
