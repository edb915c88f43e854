import { NestFactory } from '@nestjs/core';
import { OrderSettledHandler, OrderTracker, OrderTrackingModule } from '../../dist/esm/bullmq/index.js';
import { HmacSha256Signer, WxPayModule } from '../../dist/esm/index.js';

/** Starts an app that tracks orders and does not work on them. */
export async function startTracker(terms) {
  class Unused extends OrderSettledHandler {
    async settled() {}
  }
  const app = await startApp(terms, { worker: false, handler: Unused });
  return { track: (order) => app.get(OrderTracker).track(order), close: () => app.close() };
}

/** Starts an app with the module of order tracking. */
export async function startApp({ merchant, tracking }, options) {
  const { key, ...rest } = merchant;
  class BenchModule {}
  const imports = [
    WxPayModule.forRoot({ ...rest, signer: new HmacSha256Signer({ key }) }),
    OrderTrackingModule.forRoot({ ...tracking, ...options }),
  ];
  return NestFactory.createApplicationContext(
    { module: BenchModule, imports },
    { logger: ['error', 'warn'] },
  );
}
