import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { startDemoGateway } from './demo-gateway.js';

/** Starts the gateway with the app, and stops it when the last call has ended. */
@Module({
  providers: [{ provide: MockWxPayGateway, useFactory: startDemoGateway }],
  exports: [MockWxPayGateway],
})
export class DemoGatewayModule implements OnApplicationShutdown {
  constructor(private readonly gateway: MockWxPayGateway) {}

  async onApplicationShutdown(): Promise<void> {
    await this.gateway.stop();
  }
}
