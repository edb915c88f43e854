import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { CartsService } from './carts.service.js';
import { UnpaidSalesService } from './unpaid-sales.service.js';

/** Runs the jobs of unpaid sales. Several processes may do so at the same time: each payment is applied once. */
@Injectable()
export class SalesTimer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SalesTimer.name);
  private timer?: NodeJS.Timeout;
  private isClosing = false;

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

  private async run(): Promise<void> {
    try {
      await this.unpaidSales.check();
      await this.carts.check();
    } catch (error) {
      this.logger.error(error);
    }
    this.schedule();
  }
}
