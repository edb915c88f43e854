import { afterAll, beforeAll } from '@jest/globals';
import { failoverDefaults } from '../../../lib/transport/defaults.js';
import { HostHealth } from '../../../lib/transport/retry/host-health.js';
import type { HttpClient, WireRequest } from '../../../lib/transport/http/http-client.js';
import type { Reply } from '../../../lib/transport/http/reply.js';
import { Transport, type RunOptions } from '../../../lib/transport/transport.js';
import { startRawServer, type RawServer } from '../servers/raw-server.js';

export const MAX_BYTES = 10_000;
export const GET: WireRequest = { method: 'GET', path: '/v3/orders/A%2A1?mchid=1', body: '' };

/** A client and a host whose every byte a test writes itself. */
export interface Wire {
  readonly server: RawServer;
  readonly client: HttpClient;
  /** Sends a request as a call does; once, unless told otherwise. */
  readonly send: (
    request?: WireRequest,
    options?: Omit<RunOptions, 'effect'>,
    maxAttempts?: number,
  ) => Promise<Reply>;
}

/** Opens both before the tests of a block, and closes them after. */
export function useWire(createClient: () => HttpClient): Wire {
  let server: RawServer;
  let client: HttpClient;
  beforeAll(async () => {
    server = await startRawServer();
    client = createClient();
  });
  afterAll(() => {
    client.close();
    server.stop();
  });
  return {
    get server() {
      return server;
    },
    get client() {
      return client;
    },
    send(request = GET, options = {}, maxAttempts = 1) {
      const transport = new Transport({
        api: 'v3',
        httpClient: client,
        hosts: [server.url],
        health: new HostHealth(),
        timeoutMs: 5_000,
        ...failoverDefaults(5_000),
        maxAttempts,
        maxInFlight: 8,
        maxReplyBytes: MAX_BYTES,
        userAgent: 'test',
      });
      const call = { operation: 'order.query', subject: 'order A1', merchant: 'default' };
      return transport.run(call, { effect: 'idempotent', ...options }, (attempt) =>
        attempt.send(request, { Accept: 'a/b' }),
      );
    },
  };
}
