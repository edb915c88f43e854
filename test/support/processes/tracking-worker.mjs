/** An app that works on tracked orders until it is killed. Its handler appends the key of each event to a file: the shop's table. */
import { NestFactory } from '@nestjs/core';
import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const { folder, merchant, tracking, table, hangingCalls = 0 } = JSON.parse(process.argv[2]);
const { HmacSha256Signer, WxPayModule } = await import(`${folder}/lib/index.js`);
const { OrderSettledHandler, OrderTrackingModule } = await import(`${folder}/lib/bullmq/index.js`);

/** Hangs in the first calls of the handlers of all processes together. */
async function hang(key) {
  appendFileSync(`${table}.calls`, `${key}\n`);
  const calls = readFileSync(`${table}.calls`, 'utf8').trimEnd().split('\n').length;
  if (calls <= hangingCalls) await new Promise(() => undefined);
}

class ShopOrders extends OrderSettledHandler {
  async settled({ key }) {
    if (hangingCalls > 0) await hang(key);
    await pause(Math.random() * 5);
    appendFileSync(table, `${key}\n`);
    // Time to be killed in: the event is in the table, and the job does not know.
    await pause(Math.random() * 5);
  }
}

class AppModule {}
const options = { ...merchant, signer: new HmacSha256Signer({ key: merchant.key }) };
delete options.key;
const imports = [
  WxPayModule.forRoot(options),
  OrderTrackingModule.forRoot({ ...tracking, handler: ShopOrders }),
];
await NestFactory.createApplicationContext(
  { module: AppModule, imports },
  { logger: process.env.DEBUG_TRACKING === undefined ? false : ['error', 'warn'] },
);
process.send?.('ready');
