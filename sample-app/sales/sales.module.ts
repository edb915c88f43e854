import { Module } from '@nestjs/common';
import { FulfilmentService } from './fulfilment.service.js';
import { InMemorySales } from './in-memory-sales.js';
import { SalesController } from './sales.controller.js';
import { SalesService } from './sales.service.js';
import { SalesStore } from './sales-store.js';
import { SalesTimer } from './sales-timer.js';
import { UnpaidSalesService } from './unpaid-sales.service.js';

@Module({
  controllers: [SalesController],
  providers: [
    SalesService,
    FulfilmentService,
    UnpaidSalesService,
    SalesTimer,
    { provide: SalesStore, useClass: InMemorySales },
  ],
  exports: [SalesService, FulfilmentService, SalesStore],
})
export class SalesModule {}
