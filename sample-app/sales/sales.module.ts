import { Module } from '@nestjs/common';
import { InMemorySales } from './in-memory-sales.js';
import { SalesController } from './sales.controller.js';
import { SalesService } from './sales.service.js';
import { SalesStore } from './sales-store.js';

@Module({
  controllers: [SalesController],
  providers: [SalesService, { provide: SalesStore, useClass: InMemorySales }],
  exports: [SalesService, SalesStore],
})
export class SalesModule {}
