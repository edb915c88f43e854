import { Controller, Get, type OnApplicationBootstrap } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { WxPayMerchants } from 'nestjs-wxpay';
import { WxPayHealthIndicator } from 'nestjs-wxpay/terminus';
import { Settings } from '../config/settings.js';
import { HealthView } from './health-view.js';
import { TrackingHealth } from './tracking-health.js';

/** The routes of probes. */
@ApiTags('health')
@Controller('health')
export class HealthController implements OnApplicationBootstrap {
  #own: readonly string[] = [];

  constructor(
    private readonly settings: Settings,
    private readonly health: HealthCheckService,
    private readonly wxpay: WxPayHealthIndicator,
    private readonly merchants: WxPayMerchants,
    private readonly tracking: TrackingHealth,
  ) {}

  /** Takes the merchants of the modules, the operator's own: one that a tenant brings later must not take the app out of service. */
  onApplicationBootstrap(): void {
    this.#own = this.merchants.names();
  }

  /** Readiness: 503 if a merchant is misconfigured. An outage of WeChat Pay is only shown: most of the shop works without. */
  @Get()
  @HealthCheck({ swaggerDocumentation: false })
  @ApiOperation({ summary: 'Whether the app can take payments' })
  @ApiOkResponse({
    description: 'It can, or WeChat Pay is down, or orders are queried late or parked: see `details`.',
  })
  @ApiServiceUnavailableResponse({ description: 'A merchant is misconfigured: see `details`.' })
  ready(): Promise<HealthCheckResult> {
    return this.health.check(
      this.#own.map((merchant) => () => {
        const reasons = () => this.tracking.reasonsOf(merchant);
        return this.wxpay.check(`wxpay-${merchant}`, { merchant, reasons });
      }),
    );
  }

  /** Liveness: this process serves. It does not ask WeChat Pay: their outage is no reason to restart this app. */
  @Get('live')
  @ApiOperation({ summary: 'Whether the app serves requests' })
  @ApiOkResponse({ type: HealthView })
  live(): HealthView {
    return new HealthView(this.settings.mode);
  }
}
