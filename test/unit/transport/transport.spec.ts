import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { createTransport } from '../../../lib/transport/create-transport.js';
import { failoverDefaults } from '../../../lib/transport/defaults.js';
import { HostHealth } from '../../../lib/transport/retry/host-health.js';
import type { RunOptions } from '../../../lib/transport/transport.js';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { recordCalls } from '../../support/harness/recorded-events.js';
import { CALL } from '../../support/harness/steps.js';
import { startRawServer, type RawServer } from '../../support/servers/raw-server.js';

const [MAIN, BACKUP, OTHER] = ['https://main', 'https://backup', 'https://other'] as const;
const TERMS: RunOptions = { effect: 'none' };

function transportOf(hosts: readonly string[] = [MAIN, BACKUP]) {
  return createTransport({
    api: 'v3',
    hosts,
    health: new HostHealth(),
    timeoutMs: 5_000,
    ...failoverDefaults(5_000),
    maxAttempts: 2,
    maxInFlight: 2,
    maxReplyBytes: 1_000,
    userAgent: 'test',
  });
}

/** Work that a test ends. */
function held() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { work: () => ended, end };
}

const choices: [string, Partial<RunOptions>, readonly string[]][] = [
  ['the hosts by preference', {}, [MAIN, BACKUP]],
  ['only the host that is named', { host: BACKUP }, [BACKUP, BACKUP]],
  ['its own hosts if a host is named that is not one of them', { host: OTHER }, [MAIN, BACKUP]],
  ['only the origin that is named', { origin: OTHER, host: BACKUP }, [OTHER, OTHER]],
];

describe('Transport', () => {
  it.each(choices)('asks %s', async (_, terms, expected) => {
    const asked: string[] = [];

    const running = transportOf().transport.run(CALL, { ...TERMS, ...terms }, async ({ host }) => {
      asked.push(host);
      throw new WxPayTransportError('Nothing came.', { hosts: [host], attempts: 1 });
    });

    await failureOf(WxPayTransportError, running);
    expect(asked).toEqual(expected);
  });

  it('names the wait for other calls if that used up the time', async () => {
    const { transport } = transportOf();
    const { work, end } = held();
    const others = [1, 2].map(() => transport.run(CALL, TERMS, work));

    const error = await failureOf(
      WxPayTransportError,
      transport.run(CALL, { ...TERMS, timeoutMs: 30 }, () => Promise.resolve()),
    );

    expect(error).toMatchObject({
      timedOut: true,
      message: expect.stringContaining('waiting for other calls'),
    });
    end();
    await Promise.all(others);
  });

  it('drains the calls in flight, and waits for none that begins later', async () => {
    const { transport } = transportOf();
    const [first, second, later] = [held(), held(), held()];
    const running = [first, second].map(({ work }) => transport.run(CALL, TERMS, work));
    let isDrained = false;
    const draining = transport.drain().then(() => (isDrained = true));

    first.end();
    await running[0];
    const runningLater = transport.run(CALL, TERMS, later.work);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDrained).toBe(false);
    second.end();
    await draining;

    later.end();
    await Promise.all([...running, runningLater]);
  });
});

describe('createTransport', () => {
  let server: RawServer;
  beforeAll(async () => {
    server = await startRawServer();
  });
  afterAll(() => server.stop());

  it('keeps the connections of its client until they are closed', async () => {
    const { transport, closeConnections } = transportOf([server.url]);
    await transport.run(CALL, TERMS, (attempt) => attempt.send({ method: 'GET', path: '/', body: '' }, {}));
    expect(server.sockets.size).toBe(1);

    closeConnections();

    // Sooner than the server closes idle connections.
    await eventually(() => expect(server.sockets.size).toBe(0), 2_000);
  });
});

describe('the event of a call', () => {
  const calls = recordCalls();

  it('has the duration and the last attempt of a call that ran on its own terms', async () => {
    const startedAt = performance.now();

    const result = await transportOf().transport.run(CALL, { ...TERMS, host: BACKUP }, async () => 7);

    const elapsed = performance.now() - startedAt;
    expect(result).toBe(7);
    expect(calls.over).toMatchObject([{ outcome: 'success', attempts: 1, host: BACKUP, isBackup: true }]);
    expect(calls.over[0]?.durationMs).toBeGreaterThan(0);
    expect(calls.over[0]?.durationMs).toBeLessThanOrEqual(elapsed);
  });

  it('counts no attempt of a call that ends while it waits for others', async () => {
    const { transport } = transportOf();
    const { work, end } = held();
    const others = [1, 2].map(() => transport.run(CALL, TERMS, work));

    await failureOf(
      WxPayTransportError,
      transport.run(CALL, { ...TERMS, timeoutMs: 30 }, () => Promise.resolve()),
    );

    expect(calls.over).toMatchObject([
      { outcome: 'failed', attempts: 0, host: undefined, error: { type: 'timeout' } },
    ]);
    end();
    await Promise.all(others);
  });
});
