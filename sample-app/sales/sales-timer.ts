import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { CartsService } from './carts.service.js';
import { UnpaidSalesService } from './unpaid-sales.service.js';

/** With jobs in Redis, the sweep only finds the sales that were not tracked. */
const SWEEP_BESIDE_JOBS_MS = 3_600_000;

/** Runs the jobs of unpaid sales. Several processes may do so at the same time: each payment is applied once. */
@Injectable()
export class SalesTimer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SalesTimer.name);
  private timer?: NodeJS.Timeout;
  private isClosing = false;
  private nextSweepAt = 0;

  constructor(
    private readonly unpaidSales: UnpaidSalesService,
    private readonly carts: CartsService,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  beforeApplicationShutdown(): void {
    this.isClosing = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (!this.isClosing) this.timer = setTimeout(() => void this.run(), this.settings.checkIntervalMs);
  }

  private async sweep(): Promise<void> {
    if (Date.now() < this.nextSweepAt) return;
    if (this.settings.redisUrl !== undefined) this.nextSweepAt = Date.now() + SWEEP_BESIDE_JOBS_MS;
    await this.unpaidSales.check();
  }

  private async run(): Promise<void> {
    try {
      await this.sweep();
      await this.carts.check();
    } catch (error) {
      this.logger.error(error);
    }
    this.schedule();
  }
}
