import { percentile } from '../process/statistics.js';
import { withClient } from './with-client.js';

export const title = 'The event loop under 500 queries in flight';

const ROUNDS = 5;

export function run({ world }) {
  return withClient('nestjs-wxpay', { world }, async (client) => {
    const task = { operation: 'query', inFlight: 500, forMs: 1_000, watchLoop: true };
    await client.run('window', { ...task, forMs: 2_500 });
    const delays = [];
    for (let round = 0; round < ROUNDS; round++) delays.push((await client.run('window', task)).loopP99Ms);
    return { loopP99Ms: percentile(delays, 50) };
  });
}
