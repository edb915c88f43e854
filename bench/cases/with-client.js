import { startClient, startGateway } from '../process/processes.js';
import { ORDERS } from '../tasks/keep-calling.js';

/** Lets a fresh client do something with a gateway of its own. */
export async function withClient(name, { world, orders = ORDERS, options, execArgv }, work) {
  const gateway = await startGateway(world);
  await gateway.prepare(orders);
  const client = await startClient(name, { world, url: gateway.url, options, execArgv });
  try {
    return await work(client, gateway);
  } finally {
    await client.stop();
    await gateway.stop();
  }
}
