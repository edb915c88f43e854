import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { WxPayMerchants, type WxPayMerchant } from 'nestjs-wxpay';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { liveBytes } from '../support/heap.js';

const OUT_TRADE_NOS = Array.from({ length: 20 }, (_, index) => `ENDURANCE${index}`);
/** Of all calls: caches fill, code is compiled. */
const WARM_UP_SHARE = 0.4;
/** The others are measured part by part: what a part leaves by chance, the others do not. */
const PARTS = 3;
const CONCURRENCY = 20;
const PEM_KEYS = {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const;

/**
 * Lets one merchant make so many calls about the same few orders, all with one signal, as an app does that runs for long.
 *
 * @returns how many bytes each call leaves in memory, in the part that is neither the best nor the worst
 */
export async function bytesPerCall(calls: number): Promise<number> {
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
    const callsInPart = Math.floor((calls - warmUp) / PARTS);
    await callAgainAndAgain(merchant, warmUp, signal);
    const live = [liveBytes()];
    while (live.length <= PARTS) {
      await callAgainAndAgain(merchant, callsInPart, signal);
      live.push(liveBytes());
    }
    const growths = live.slice(1).map((bytes, index) => bytes - (live[index] ?? 0));
    return (growths.toSorted((a, b) => a - b)[Math.floor(PARTS / 2)] ?? 0) / callsInPart;
  } finally {
    await merchants.onModuleDestroy();
    await host.terminate();
  }
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
