import { Injectable, Optional } from '@nestjs/common';
import { OrderTracker } from 'nestjs-wxpay/bullmq';

/** Lateness of a query or a settlement from which on someone should look at the workers. */
const MAX_LAG_MS = 600_000;

/** Tells the state of the jobs in Redis, for a readiness probe. */
@Injectable()
export class TrackingHealth {
  constructor(
    /** Present with `REDIS_URL`. */
    @Optional() private readonly tracker?: OrderTracker,
  ) {}

  /**
   * Returns the reasons for which the tracking of a merchant's orders is degraded. Reading them opens a connection to Redis for
   * each merchant: in an app with hundreds of merchants, look at the parked orders in a job of its own.
   */
  async reasonsOf(merchant: string): Promise<readonly string[]> {
    if (this.tracker === undefined) return [];
    const [lagMs, isParked] = await Promise.all([
      this.tracker.lag(merchant),
      hasParked(this.tracker, merchant),
    ]);
    return [...(lagMs > MAX_LAG_MS ? ['tracking-lag'] : []), ...(isParked ? ['parked-orders'] : [])];
  }
}

async function hasParked(tracker: OrderTracker, merchant: string): Promise<boolean> {
  for await (const parked of tracker.parked()) if (parked.merchant === merchant) return true;
  return false;
}
