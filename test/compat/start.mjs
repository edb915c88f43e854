/**
 * Proves the first command of the README as a newcomer runs it: `npm start`, then an order over HTTP, from its placing to its refund.
 * Then the same app with `npm run start:telemetry`, which prints spans.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

await withApp(['start'], async ({ ask, orders, answeredAfter }) => {
  const unpaid = orders.find(({ tradeState }) => tradeState === 'NOTPAY');
  await ask('POST', `/orders/${unpaid.outTradeNo}/close`);
  assert.equal((await ask('GET', `/orders/${unpaid.outTradeNo}`)).tradeState, 'CLOSED');

  const { outTradeNo } = await ask('POST', '/sales', { article: 'tea' });
  assert.match((await ask('POST', `/sales/${outTradeNo}/pay-parameters`)).codeUrl, /^weixin:/);
  await ask('POST', `/demo/orders/${outTradeNo}/pay`);
  assert.equal((await ask('GET', `/sales/${outTradeNo}`)).state, 'paid');
  assert.equal((await ask('PUT', `/sales/${outTradeNo}/refunds/1`, { amount: 100 })).status, 'PROCESSING');

  print(
    `✓ npm start: orders queried, closed, placed, paid and refunded, first answer after ${answeredAfter} ms`,
  );
});
await withApp(['run', 'start:telemetry'], async ({ ask, orders, output }) => {
  await ask('GET', `/orders/${orders[0].outTradeNo}`);

  const isPrinted = () => /name: 'wxpay order\.query'/.test(output());
  for (let count = 0; count < 50 && !isPrinted(); count++) await sleep(100);
  assert.ok(isPrinted(), 'npm run start:telemetry printed no span of a query.');

  print('✓ npm run start:telemetry: the span of a query printed');
});

/** Starts the app with a command of npm, on a port of its own, and ends it after `prove`. */
async function withApp(command, prove) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedAt = Date.now();
  let output = '';
  // A group of its own, so that it ends with all that npm has started.
  const app = spawn('npm', command, {
    env: { ...process.env, PORT: String(port) },
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  app.stdout.on('data', (chunk) => (output += chunk));
  try {
    const orders = await firstAnswer(app, { url, startedAt, command });
    const answeredAfter = Date.now() - startedAt;
    await prove({ ask: askAt(url), orders, answeredAfter, output: () => output });
  } finally {
    process.kill(-Number(app.pid), 'SIGTERM');
    if (app.exitCode === null) await once(app, 'exit');
  }
}

function askAt(url) {
  return async (method, path, content) => {
    const json = { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(content) };
    const answer = await fetch(url + path, { method, ...(content && json) });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path} answered ${answer.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}

async function firstAnswer(app, { url, startedAt, command }) {
  const name = `npm ${command.join(' ')}`;
  while (Date.now() - startedAt < PATIENCE_MS) {
    const answer = await fetch(`${url}/orders`).catch(() => undefined);
    if (answer?.ok) return answer.json();
    if (app.exitCode !== null) throw new Error(`${name} ended with code ${app.exitCode}: run it to see why.`);
    await sleep(200);
  }
  throw new Error(`${name} did not answer on its port within ${PATIENCE_MS} ms: run it to see why.`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address();
  server.close();
  await once(server, 'close');
  return free;
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
