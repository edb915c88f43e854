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
   * Returns the reasons for which the tracking of a merchant's orders is degraded; parked orders of any merchant count. Looking for
   * them connects to Redis once for each merchant: with hundreds of merchants, do it in a job of its own.
   */
  async reasonsOf(merchant: string): Promise<readonly string[]> {
    if (this.tracker === undefined) return [];
    const [lagMs, isParked] = await Promise.all([this.tracker.lag(merchant), hasParked(this.tracker)]);
    return [...(lagMs > MAX_LAG_MS ? ['tracking-lag'] : []), ...(isParked ? ['parked-orders'] : [])];
  }
}

/** Stops at the first one: there may be thousands. */
async function hasParked(tracker: OrderTracker): Promise<boolean> {
  for await (const _ of tracker.parked()) return true;
  return false;
}
