import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../process/statistics.js';
import { withClient } from './with-client.js';

export const title = 'A burst of 1,000 queries in an app that serves something else';

const CLIENTS = ['nestjs-wxpay', 'wechatpay-axios-plugin', 'nest-wechat', 'wechatpay-node-v3'];
const CALLS = 1_000;
const BURSTS = 5;
const ASK_EVERY_MS = 5;

export async function run({ world }) {
  const figures = {};
  for (const name of CLIENTS) figures[name] = await withClient(name, { world }, (client) => bursts(client));
  return figures;
}

async function bursts(client) {
  const { port } = await client.run('burst');
  const agent = new Agent({ keepAlive: true });
  // The first burst compiles code and opens connections; apps have that behind them.
  await client.run('burst', { calls: CALLS });
  const endpointMs = [];
  const statMs = [];
  const wallMs = [];
  let failed = 0;
  for (let burst = 0; burst < BURSTS; burst++) {
    let going = true;
    const asking = askEndpoint({ port, agent }, () => going);
    const result = await client.run('burst', { calls: CALLS });
    going = false;
    endpointMs.push(...(await asking));
    statMs.push(...result.statMs);
    wallMs.push(result.wallMs);
    failed += result.failed;
  }
  agent.destroy();
  return {
    endpointP99Ms: percentile(endpointMs, 99),
    statP99Ms: percentile(statMs, 99),
    wallMs: percentile(wallMs, 50),
    failed,
  };
}

/** Asks at a steady pace, whether answers come or not, as the app's own clients do. */
async function askEndpoint({ port, agent }, isGoing) {
  const asking = [];
  while (isGoing()) {
    asking.push(ask({ port, agent }));
    await delay(ASK_EVERY_MS);
  }
  return Promise.all(asking);
}

function ask({ port, agent }) {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    get({ port, agent, host: '127.0.0.1' }, (response) => {
      response.resume().on('end', () => resolve(performance.now() - startedAt));
    }).on('error', reject);
  });
}
