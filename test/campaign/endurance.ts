import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { queryObjects } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { WxPayMerchants, type WxPayMerchant } from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';

const OUT_TRADE_NOS = Array.from({ length: 20 }, (_, index) => `ENDURANCE${index}`);
/** Of all calls: caches fill, connections are opened. */
const WARM_UP_SHARE = 0.5;
const CONCURRENCY = 20;
const PEM_KEYS = {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const;

/**
 * Lets one merchant make so many calls about the same few orders, all with one signal, as an app does that runs for long.
 *
 * @returns how many objects each call leaves in memory. Bytes would say little: of compiled code and of what the operating
 *   system is given, megabytes come and go; of objects, not one.
 */
export async function objectsPerCall(calls: number): Promise<number> {
  const merchants = new WxPayMerchants();
  const platformPrivateKey = generateKeyPairSync('rsa', PEM_KEYS).privateKey;
  // Like the one on the other thread, whose options cannot be handed over.
  await using double = await MockWxPayGateway.start({ keys: { platformPrivateKey } });
  const workerData = { keys: { ...double.keys, platformPrivateKey }, outTradeNos: OUT_TRADE_NOS };
  const host = new Worker(new URL('./endurance-host.js', import.meta.url), { workerData, execArgv: [] });
  try {
    const [url] = (await once(host, 'message')) as [string];
    const merchant = merchants.register('endurance', double.options({ hosts: [url] }));
    const { signal } = new AbortController();
    const warmUp = Math.ceil(calls * WARM_UP_SHARE);
    await callAgainAndAgain(merchant, warmUp, signal);
    const before = liveObjects();
    await callAgainAndAgain(merchant, calls - warmUp, signal);
    return (liveObjects() - before) / (calls - warmUp);
  } finally {
    await merchants.onModuleDestroy();
    await host.terminate();
  }
}

/** How many objects, arrays and functions are still in use. */
function liveObjects(): number {
  return queryObjects(Object, { format: 'count' });
}

async function callAgainAndAgain(merchant: WxPayMerchant, calls: number, signal: AbortSignal): Promise<void> {
  let made = 0;
  async function goOn(): Promise<void> {
    while (made < calls) {
      const outTradeNo = OUT_TRADE_NOS[made++ % OUT_TRADE_NOS.length] ?? '';
      await merchant.orderQuery.query({ outTradeNo }, { signal, share: made % 3 === 0 });
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, goOn));
}
