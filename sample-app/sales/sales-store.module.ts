import { Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { FulfilmentService } from './fulfilment.service.js';
import { InMemorySales } from './in-memory-sales.js';
import { PostgresSales } from './postgres-sales.js';
import { SaleOutcomes } from './sale-outcomes.service.js';
import { SalesStore } from './sales-store.js';

/** The sales, in PostgreSQL with `DATABASE_URL`, and what happens to them when their orders end. */
@Module({
  providers: [
    {
      provide: SalesStore,
      inject: [Settings],
      useFactory: ({ databaseUrl }: Settings) =>
        databaseUrl === undefined ? new InMemorySales() : PostgresSales.open(databaseUrl),
    },
    FulfilmentService,
    SaleOutcomes,
  ],
  exports: [SalesStore, FulfilmentService, SaleOutcomes],
})
export class SalesStoreModule {}
