import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { WxPayHealthIndicator } from 'nestjs-wxpay/terminus';
import { HealthController } from './health.controller.js';

@Module({
  imports: [TerminusModule],
  controllers: [HealthController],
  providers: [WxPayHealthIndicator],
})
export class HealthModule {}
