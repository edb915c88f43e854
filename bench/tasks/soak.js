import { keepCalling } from './keep-calling.js';
import { watchMemory } from './watch-memory.js';

/** Many calls, to see whether memory grows with them. */
export async function run(client, { calls, inFlight }, gc) {
  // What a process keeps of its first calls, compiled code above all, is not what grows.
  await keepCalling(client.query, { calls: calls / 5, inFlight });
  const memory = watchMemory(gc);
  const { failed } = await keepCalling(client.query, { calls, inFlight });
  return { failed, ...memory.stop() };
}
