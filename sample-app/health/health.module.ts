import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { WxPayHealthIndicator } from 'nestjs-wxpay/terminus';
import { HealthController } from './health.controller.js';
import { TrackingHealth } from './tracking-health.js';

@Module({
  imports: [TerminusModule],
  controllers: [HealthController],
  providers: [WxPayHealthIndicator, TrackingHealth],
})
export class HealthModule {}
