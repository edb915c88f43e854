import { fork } from 'node:child_process';
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { median } from '../process/statistics.js';
import { keepCalling } from '../tasks/keep-calling.js';

export const title = 'The mock gateway, verifying and signing';

const CALLS = 4_000;
const ROUNDS = 3;

export async function run() {
  const child = fork(join(import.meta.dirname, '../process/mock-gateway.js'));
  const [{ url, keys }] = await once(child, 'message');
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const privateKey = createPrivateKey(keys.merchantPrivateKey);
  const rates = [];
  for (let round = 0; round <= ROUNDS; round++) {
    // Signed before the clock runs: what is measured is the gateway.
    const proofs = Array.from({ length: CALLS }, () => proofOf(keys, privateKey));
    let next = 0;
    const startedAt = performance.now();
    const { failed, errors } = await keepCalling(() => ask({ url, agent }, proofs[next++]), {
      inFlight: 64,
      calls: CALLS,
    });
    if (failed > 0) throw new Error(errors.join('; '));
    // The first round compiles its code.
    if (round > 0) rates.push((CALLS * 1000) / (performance.now() - startedAt));
  }
  agent.destroy();
  child.disconnect();
  return { answersPerSecond: median(rates) };
}

const PATH = '/v3/pay/transactions/out-trade-no/N0?mchid=1900000001';

function proofOf({ merchantSerialNo }, privateKey) {
  const timestamp = Math.floor(Date.now() / 1000);
  const nonce = randomUUID().replaceAll('-', '');
  const message = Buffer.from(`GET\n${PATH}\n${timestamp}\n${nonce}\n\n`);
  const signature = sign('sha256', message, privateKey).toString('base64');
  return `WECHATPAY2-SHA256-RSA2048 mchid="1900000001",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${merchantSerialNo}",signature="${signature}"`;
}

function ask({ url, agent }, Authorization) {
  return new Promise((resolve, reject) => {
    const headers = { Accept: 'application/json', 'User-Agent': 'bench', Authorization };
    const sent = request(url + PATH, { agent, headers }, (response) => {
      const { statusCode, headers: received } = response;
      const isSigned = received['wechatpay-signature'] !== undefined;
      response.resume().on('end', () => {
        if (statusCode === 200 && isSigned) resolve();
        else reject(new Error(`HTTP ${statusCode}, ${isSigned ? 'signed' : 'unsigned'}`));
      });
    });
    sent.on('error', reject).end();
  });
}
