/** An app that is closed before its Redis could be reached: run in a process of its own, which has to end by itself. */
import { NestFactory } from '@nestjs/core';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { pathToFileURL } from 'node:url';
import { build, clean } from '../../campaign/build.mjs';

const folder = pathToFileURL(await build('closed-tracking-app', ['lib'])).href;
const { WxPayModule } = await import(`${folder}/lib/index.js`);
const { OrderSettledHandler, OrderTrackingModule } = await import(`${folder}/lib/bullmq/index.js`);
const { MockWxPayGateway } = await import(`${folder}/lib/testing/index.js`);

class Ignored extends OrderSettledHandler {
  settled() {
    return Promise.resolve();
  }
}
class AppModule {}

const gateway = await MockWxPayGateway.start();
const refused = [];
const redis = createServer((socket) => refused.push(socket.destroy())).listen(0, '127.0.0.1');
await once(redis, 'listening');
const { port } = redis.address();
const connection = { host: '127.0.0.1', port };
const imports = [
  WxPayModule.forRoot(gateway.options()),
  OrderTrackingModule.forRoot({ connection, handler: Ignored }),
];
const app = await NestFactory.createApplicationContext({ module: AppModule, imports }, { logger: false });
while (refused.length < 3) await once(redis, 'connection');
await app.close();
redis.close();
await gateway.stop();
await clean();
process.stdout.write('closed\n');
