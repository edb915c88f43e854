/** Proves the first command of the README as a newcomer runs it: `npm start`, then orders over HTTP. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const startedAt = Date.now();
// A group of its own, so that it ends with all that npm has started.
const app = spawn('npm', ['start'], {
  env: { ...process.env, PORT: String(port) },
  detached: true,
  stdio: 'ignore',
});
try {
  const orders = await firstAnswer(`${url}/orders`);
  const answeredAfter = Date.now() - startedAt;
  const unpaid = orders.find(({ tradeState }) => tradeState === 'NOTPAY');
  const closing = await fetch(`${url}/orders/${unpaid.outTradeNo}/close`, { method: 'POST' });
  assert.equal(closing.status, 204);
  const { tradeState } = await (await fetch(`${url}/orders/${unpaid.outTradeNo}`)).json();
  assert.equal(tradeState, 'CLOSED');
  process.stdout.write(`✓ npm start: an order queried and closed, first answer after ${answeredAfter} ms\n`);
} finally {
  process.kill(-Number(app.pid), 'SIGTERM');
}

async function firstAnswer(address) {
  while (Date.now() - startedAt < PATIENCE_MS) {
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok) return answer.json();
    if (app.exitCode !== null) {
      throw new Error(`npm start ended with code ${app.exitCode}: run it to see why.`);
    }
    await sleep(200);
  }
  throw new Error(`npm start did not answer on its port within ${PATIENCE_MS} ms: run it to see why.`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address();
  server.close();
  await once(server, 'close');
  return free;
}
