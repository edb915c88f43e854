import { describe, expect, it } from '@jest/globals';
import type { Agent } from 'node:https';
import { createHttpClient } from '../../../lib/transport/http-client.js';

describe('createHttpClient', () => {
  it.each(['httpAgent', 'httpsAgent'])(
    'keeps connections, the last used first, and closes them before WeChat Pay does: %s',
    (name) => {
      const { httpService, close } = createHttpClient({ maxSockets: 3 });
      const agent = (httpService.axiosRef.defaults as Readonly<Record<string, unknown>>)[name] as Agent;
      close();

      // WeChat Pay drops a connection after about 8 s without a request.
      expect(agent.options).toMatchObject({
        keepAlive: true,
        scheduling: 'lifo',
        maxSockets: 3,
        timeout: 7_000,
      });
    },
  );
});
