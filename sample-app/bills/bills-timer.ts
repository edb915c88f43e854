import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BillsService } from './bills.service.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Beijing has no summer time. */
const BEIJING_OFFSET_MS = 8 * HOUR_MS;
/** Bills of the day before are ready at 10:00 in Beijing. */
const READY_AT_MS = 10 * HOUR_MS;
const RETRY_MS = HOUR_MS / 2;

/** Reconciles the bill of the day before, every day. */
@Injectable()
export class BillsTimer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(BillsTimer.name);
  private timer?: NodeJS.Timeout;
  private isClosing = false;

  constructor(private readonly bills: BillsService) {}

  onApplicationBootstrap(): void {
    this.schedule(msUntilReady(new Date()));
  }

  beforeApplicationShutdown(): void {
    this.isClosing = true;
    clearTimeout(this.timer);
  }

  /** Reports what differs to the log. @returns the number of differences */
  async run(now = new Date()): Promise<number> {
    const date = beijingDay(new Date(now.getTime() - DAY_MS));
    let count = 0;
    for await (const { kind, row, order } of this.bills.reconcile(date)) {
      count++;
      this.logger.error(`Bill of ${date}: sale ${(row ?? order).outTradeNo}, ${kind}. Look into it.`);
    }
    this.logger.log(`The bill of ${date} is reconciled: ${count} differences.`);
    return count;
  }

  private schedule(delayMs: number): void {
    if (!this.isClosing) this.timer = setTimeout(() => void this.runAndSchedule(), delayMs);
  }

  private async runAndSchedule(): Promise<void> {
    try {
      await this.run();
      this.schedule(msUntilReady(new Date()));
    } catch (error) {
      this.logger.error(error);
      this.schedule(RETRY_MS);
    }
  }
}

/** Returns the day of a moment in Beijing, `YYYY-MM-DD`. */
export function beijingDay(at: Date): string {
  return new Date(at.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 10);
}

/** Returns the time until the next bill is ready, in milliseconds. */
export function msUntilReady(now: Date): number {
  const sinceMidnight = (now.getTime() + BEIJING_OFFSET_MS) % DAY_MS;
  return (READY_AT_MS - sinceMidnight + DAY_MS) % DAY_MS || DAY_MS;
}
