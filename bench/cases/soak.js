import { withClient } from './with-client.js';

export const title = 'A soak of 50,000 queries';

const CALLS = 50_000;

export function run({ world }) {
  return withClient('nestjs-wxpay', { world }, async (client, gateway) => {
    const before = await gateway.prepare();
    const result = await client.run('soak', { calls: CALLS, inFlight: 16 });
    const after = await gateway.prepare();
    const asked = after.requests - before.requests;
    // The first sixteen calls open connections; from then on there should be no other.
    const opened = after.connections - before.connections - 16;
    return { ...result, newConnectionsPerCall: Math.max(0, opened) / asked };
  });
}
