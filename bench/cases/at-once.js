import { withClient } from './with-client.js';

export const title = '10,000 queries by Promise.all';

const CLIENTS = ['nestjs-wxpay', 'wechatpay-axios-plugin'];
const CALLS = 10_000;
/** Of this package, the only one to give up: in the ten seconds of the default, a machine has to do more than a thousand signatures a second. */
const OPTIONS = { timeoutMs: 60_000 };

export async function run({ world }) {
  const figures = {};
  for (const name of CLIENTS) {
    figures[name] = await withClient(
      name,
      { world, orders: CALLS, options: OPTIONS },
      async (client, gateway) => {
        const result = await client.run('at-once', { calls: CALLS });
        const { mostOpen } = await gateway.prepare();
        return { ...result, sockets: mostOpen };
      },
    );
  }
  return figures;
}
