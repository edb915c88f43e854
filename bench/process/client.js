import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** One client in a process of its own: it does the tasks that it is told, and tells what they cost. */
const [name, url] = process.argv.slice(2);
setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
const world = JSON.parse(process.env.BENCH_WORLD);
const { createClient } = await import(`../clients/${name}.js`);
const client = await createClient(world, url, JSON.parse(process.env.BENCH_OPTIONS));

process.on('message', async ({ task, ...options }) => {
  try {
    const { run } = await import(`../tasks/${task}.js`);
    process.send({ result: await run(client, options, gc) });
  } catch (error) {
    process.send({ failure: error?.stack ?? String(error) });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });
