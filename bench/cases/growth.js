import { withClient } from './with-client.js';

export const title = 'queryMany over 10² to 10⁵ orders';

const ORDERS = [100, 1_000, 10_000, 100_000];
const CONCURRENCY = 16;

/** What grows with the work, and what does not. One process does all, the smallest amount first. */
export function run({ world }) {
  return withClient('nestjs-wxpay', { world }, async (client, gateway) => {
    await client.run('window', { operation: 'query', inFlight: CONCURRENCY, forMs: 2_500 });
    const figures = {};
    for (const orders of ORDERS) {
      await gateway.prepare();
      const result = await client.run('many', { orders, concurrency: CONCURRENCY });
      const { mostOpen } = await gateway.prepare();
      figures[orders] = { ...result, sockets: mostOpen };
    }
    return figures;
  });
}
