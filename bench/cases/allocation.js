import { withClient } from './with-client.js';

export const title = 'What a query allocates';

const CLIENTS = ['floor', 'nestjs-wxpay', 'nestjs-wxpay-stock', 'wechatpay-axios-plugin'];

export async function run({ world }) {
  const figures = {};
  for (const name of CLIENTS) {
    figures[name] = await withClient(
      name,
      { world, execArgv: ['--max-semi-space-size=512', '--min-semi-space-size=512'] },
      (client) => client.run('allocation', { calls: 1_000, inFlight: 16 }),
    );
  }
  return figures;
}
