import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Md5Signer, OrderSweepService, WxPayModule } from '../../dist/esm/index.js';
import { NestFactory } from '@nestjs/core';

// Sweeps many expired orders in one process, and says how fast, at what CPU and memory. The rows come from a generator, so that
// no database decides a figure.
const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '100000' },
    concurrency: { type: 'string', default: '20' },
  },
});
const [ORDERS, CONCURRENCY] = [values.orders, values.concurrency].map(Number);
const HALF_HOUR_MS = 1_800_000;

const gateway = fork(`${import.meta.dirname}/gateway.js`, [`${ORDERS}`]);
const [{ merchant }] = await once(gateway, 'message');
const { key, ...options } = merchant;
const app = await NestFactory.createApplicationContext(
  WxPayModule.forRoot({ ...options, signer: new Md5Signer({ key }) }),
  { logger: false },
);

function* expiredOrders() {
  const createdAt = new Date(Date.now() - HALF_HOUR_MS);
  for (let index = 0; index < ORDERS; index++) {
    yield { ref: { outTradeNo: `B${index}` }, createdAt, expiresAt: new Date() };
  }
}

const outcomes = {};
let peak = 0;
let count = 0;
const [began, cpuBefore] = [performance.now(), process.cpuUsage()];
for await (const { settlement, error } of app
  .get(OrderSweepService)
  .sweep(expiredOrders(), { concurrency: CONCURRENCY })) {
  const outcome = settlement?.outcome ?? error.code;
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  if (++count % 1_000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
}
const seconds = (performance.now() - began) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);

process.stdout.write(`
| Orders | Concurrency | Orders a second | CPU, ms an order | Memory of the process, peak | Outcomes |
| ------ | ----------- | --------------- | ---------------- | --------------------------- | -------- |
| ${ORDERS} | ${CONCURRENCY} | ${Math.round(ORDERS / seconds)} | ${((user + system) / 1_000 / ORDERS).toFixed(2)} | ${Math.round(peak / 1_048_576)} MiB | ${JSON.stringify(outcomes).replace(/[{}"]/g, '')} |

Node ${process.versions.node}, ${cpus().length} cores, APIv2; one order in three is paid (one call), the others are closed (three calls).
`);
await app.close();
gateway.kill('SIGKILL');
