import { NestFactory } from '@nestjs/core';
import { Md5Signer, WxPayModule, type OrderSettledEvent, type WxPayV2Options } from 'nestjs-wxpay';
import { Pool, type PoolClient } from 'pg';

/** Classes of the recipe in docs/tracking.md. */
interface Recipe {
  readonly PaymentSweep: new (...args: never[]) => { run(): Promise<void> };
  readonly PaymentHandler: abstract new () => object;
}
/** Options of the merchant, whose key replaces the signer. */
export interface WorkerMerchant extends Pick<WxPayV2Options, 'mchid' | 'appid' | 'hosts'> {
  readonly apiV2Key: string;
}

// A process of a shop that sweeps until it is killed. Arguments: the recipe, the database, and the merchant as JSON.
const [recipe = '', connectionString, merchant = ''] = process.argv.slice(2);
const { PaymentSweep, PaymentHandler } = (await import(recipe)) as Recipe;
const { apiV2Key, ...options } = JSON.parse(merchant) as WorkerMerchant;

const pool = new Pool({ connectionString, max: 5 });
pool.on('error', () => undefined);
pool.on('connect', (client) => client.on('error', () => undefined));

/** Tells the parent, as an effect outside of the transaction, and delivers within it. */
async function settled({ key, outcome }: OrderSettledEvent, client: PoolClient): Promise<void> {
  process.stdout.write(`${key}\n`);
  await client.query('INSERT INTO deliveries (key, outcome) VALUES ($1, $2)', [key, outcome]);
}

const app = await NestFactory.createApplicationContext(
  {
    module: class WorkerModule {},
    imports: [
      WxPayModule.forRoot({
        ...options,
        api: 'v2',
        signer: new Md5Signer({ key: apiV2Key }),
        isGlobal: true,
      }),
    ],
    providers: [
      PaymentSweep,
      { provide: Pool, useValue: pool },
      { provide: PaymentHandler, useValue: { settled } },
    ],
  },
  { logger: false },
);
for (;;) {
  // PostgreSQL may be down: the next sweep finds the same rows.
  await app
    .get(PaymentSweep)
    .run()
    .catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
}
