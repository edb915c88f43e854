import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ExpressAdapter } from '@nestjs/platform-express';
import { OrderTracker } from 'nestjs-wxpay/bullmq';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { eventually } from '../../test/support/assertions/eventually.js';
import { describeWithPostgres, usePostgres } from '../../test/support/servers/postgres.js';
import { describeWithOwnRedis, RedisServer } from '../../test/support/servers/redis.js';
import { UnpaidSalesService } from '../sales/unpaid-sales.service.js';
import { keylessEnvironment, setEnvironment } from './support/environment.js';
import { storeSale } from './support/sell.js';
import { startSample, type Sample } from './support/start-sample.js';

/** Longer than any test: neither the sweep nor the carts are checked by the timer. */
const NO_TIMER = { CHECK_INTERVAL_MS: '999999' };
const HALF_AN_HOUR_AGO = { createdAt: new Date(Date.now() - 30 * 60_000) };

let gateway: MockWxPayGateway;
let merchant: Readonly<Record<string, string>>;
let restoreEnvironment: () => void;

beforeAll(async () => {
  gateway = await MockWxPayGateway.start();
  merchant = {
    ...keylessEnvironment(gateway),
    WXPAY_PRIVATE_KEY: gateway.keys.merchantPrivateKey,
    WXPAY_APPID: 'wx8888888888888888',
    WXPAY_NOTIFY_URL: 'https://shop.example/wxpay/notifications',
  };
  restoreEnvironment = setEnvironment(merchant);
});
afterAll(async () => {
  restoreEnvironment();
  await gateway.stop();
});

/** Runs the shop, and closes it at the end. */
async function during<T>(env: NodeJS.ProcessEnv, work: (sample: Sample) => Promise<T>): Promise<T> {
  const sample = await startSample(new ExpressAdapter(), { ...merchant, ...NO_TIMER, ...env });
  try {
    return await work(sample);
  } finally {
    await sample.app.close();
  }
}

/** Places a sale, and its order at WeChat Pay. */
async function beginToPay(sample: Sample): Promise<string> {
  const { body } = await sample.post('/sales', { article: 'tea' });
  const { outTradeNo } = body as { readonly outTradeNo: string };
  await sample.post(`/sales/${outTradeNo}/pay-parameters`);
  return outTradeNo;
}

const saleIn = async (sample: Sample, outTradeNo: string) => (await sample.get(`/sales/${outTradeNo}`)).body;

describeWithPostgres('the sample with DATABASE_URL', () => {
  const postgres = usePostgres();
  const env = () => ({ DATABASE_URL: postgres.url });

  it('finds a sale paid by a sweep of the next process', async () => {
    const outTradeNo = await during(env(), beginToPay);
    gateway.orders.pay(outTradeNo);

    const sale = await during(env(), async (sample) => {
      await sample.app.get(UnpaidSalesService).check();
      return saleIn(sample, outTradeNo);
    });

    expect(sale).toMatchObject({ state: 'paid', toldBy: 'query', total: 4800 });
  });

  it('applies a payment once, if several processes sweep at the same time', async () => {
    const outTradeNo = await during(env(), beginToPay);
    gateway.orders.pay(outTradeNo);

    const found = await during(env(), (one) =>
      during(env(), (other) =>
        Promise.all([one, other].map(({ app }) => app.get(UnpaidSalesService).check())),
      ),
    );

    expect(found.flat()).toEqual([outTradeNo]);
  });
});

describeWithOwnRedis('the sample with REDIS_URL', () => {
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await RedisServer.start();
  }, 60_000);
  afterAll(() => redis.stop());

  it('finds a sale paid by its job, five seconds after it was placed', async () => {
    await during({ REDIS_URL: redis.url }, async (sample) => {
      const outTradeNo = await beginToPay(sample);
      gateway.orders.pay(outTradeNo);

      await eventually(async () => {
        expect(await saleIn(sample, outTradeNo)).toMatchObject({ state: 'paid', toldBy: 'query' });
      }, 15_000);
    });
  });

  it('ends the job of a sale once a notification has paid it', async () => {
    await during({ REDIS_URL: redis.url }, async (sample) => {
      const outTradeNo = await beginToPay(sample);
      const tracker = sample.app.get(OrderTracker);
      gateway.orders.pay(outTradeNo);

      const { status } = await gateway.notify(outTradeNo, `${await sample.app.getUrl()}/wxpay/notifications`);

      expect(status).toBe(204);
      // Its first query would be due five seconds after it was placed.
      await eventually(async () => expect(await tracker.peek({ outTradeNo })).toBeUndefined(), 3_000);
      expect(await saleIn(sample, outTradeNo)).toMatchObject({ state: 'paid', toldBy: 'notification' });
    });
  });

  it('closes an expired sale by its job', async () => {
    await during({ REDIS_URL: redis.url }, async (sample) => {
      const outTradeNo = await storeSale(sample, { outTradeNo: 'TRACKED', ...HALF_AN_HOUR_AGO });
      gateway.orders.create({ outTradeNo, amount: { total: 100 }, ...HALF_AN_HOUR_AGO });
      const { createdAt } = HALF_AN_HOUR_AGO;
      await sample.app.get(OrderTracker).track({ ref: { outTradeNo }, createdAt, expiresAt: new Date() });

      await eventually(async () => {
        expect(await saleIn(sample, outTradeNo)).toMatchObject({ state: 'cancelled' });
      }, 15_000);
      expect(gateway.orders.get(outTradeNo)).toMatchObject({ tradeState: 'CLOSED' });
    });
  });

  it('sells while Redis is away', async () => {
    const other = await RedisServer.start();

    await during({ REDIS_URL: other.url }, async (sample) => {
      await other.kill();

      const { status } = await sample.post('/sales', { article: 'tea' });

      expect(status).toBe(201);
      await other.restart();
    });
    await other.stop();
  });
});

describeWithPostgres('the sample with DATABASE_URL and REDIS_URL', () => {
  const postgres = usePostgres();

  describeWithOwnRedis('and two processes', () => {
    let redis: RedisServer;

    beforeAll(async () => {
      redis = await RedisServer.start();
    }, 60_000);
    afterAll(() => redis.stop());

    it('finds a sale of one process paid by the job in the next', async () => {
      const env = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
      const outTradeNo = await during(env, beginToPay);
      gateway.orders.pay(outTradeNo);

      await during(env, (sample) =>
        eventually(async () => {
          expect(await saleIn(sample, outTradeNo)).toMatchObject({ state: 'paid', toldBy: 'query' });
        }, 15_000),
      );
    });
  });
});
