/** An app that is closed while it watches an order: run in a process of its own, which has to end by itself. */
import { NestFactory } from '@nestjs/core';
import { pathToFileURL } from 'node:url';
import { build, clean } from '../../campaign/build.mjs';

const folder = pathToFileURL(await build('closed-app', ['lib'])).href;
const { OrderQueryService, WxPayModule } = await import(`${folder}/lib/index.js`);
const { MockWxPayGateway } = await import(`${folder}/lib/testing/index.js`);
const gateway = await MockWxPayGateway.start();
gateway.orders.create({ outTradeNo: 'WATCH-1', amount: { total: 1 } });
const app = await NestFactory.createApplicationContext(WxPayModule.forRoot(gateway.options()), {
  logger: false,
});
await new Promise((resolve) => {
  app
    .get(OrderQueryService)
    .watch({ outTradeNo: 'WATCH-1' }, { scheduleMs: [3_600_000] })
    .subscribe({
      next: ({ tradeState }) => resolve(process.stdout.write(`${tradeState}\n`)),
      error: ({ name, message }) => process.stdout.write(`${name}: ${message}\n`),
    });
});
await app.close();
await gateway.stop();
await clean();
