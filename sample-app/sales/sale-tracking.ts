import { Injectable, type DynamicModule } from '@nestjs/common';
import { OrderSettledHandler, OrderTrackingModule, type OrderSettledEvent } from 'nestjs-wxpay/bullmq';
import { SaleOutcomes } from './sale-outcomes.service.js';
import { SalesStoreModule } from './sales-store.module.js';

/** Takes the outcomes that the jobs find out. */
@Injectable()
export class TrackedSales extends OrderSettledHandler {
  constructor(private readonly outcomes: SaleOutcomes) {
    super();
  }

  override async settled(event: OrderSettledEvent): Promise<void> {
    await this.outcomes.apply(event);
  }
}

/** Tracks each sale with a job in Redis. The sweep stays, for a sale that was stored when Redis was away. */
export function trackSales(url: string): DynamicModule {
  return OrderTrackingModule.forRoot({
    connection: { url },
    handler: TrackedSales,
    imports: [SalesStoreModule],
    isGlobal: true,
  });
}
