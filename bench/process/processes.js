import { fork } from 'node:child_process';
import { once } from 'node:events';

const FOLDER = import.meta.dirname;

/** Starts the gateway in a process of its own. */
export async function startGateway(world) {
  const child = fork(`${FOLDER}/gateway.js`, { env: { ...process.env, BENCH_WORLD: JSON.stringify(world) } });
  const { port } = await messageOf(child, 'gateway');
  return {
    url: `https://127.0.0.1:${port}`,
    /**
     * Signs the replies for so many orders.
     *
     * @returns what it has counted: `requests`, `refused`, `connections`, and the most that were open since the last time
     */
    prepare(orders = 0) {
      child.send({ prepare: orders });
      return messageOf(child, 'gateway');
    },
    stop: () => stop(child),
  };
}

/** Starts a client in a process of its own; `options` are those of a merchant of this package. */
export async function startClient(name, { world, url, options = {}, execArgv = [] }) {
  const child = fork(`${FOLDER}/client.js`, [name, url], {
    env: {
      ...process.env,
      BENCH_WORLD: JSON.stringify(world),
      BENCH_OPTIONS: JSON.stringify(options),
      NODE_EXTRA_CA_CERTS: world.caFile,
    },
    execArgv,
  });
  await messageOf(child, name);
  return {
    name,
    async run(task, parameters = {}) {
      child.send({ task, ...parameters });
      const { result, failure } = await messageOf(child, name);
      if (failure !== undefined) throw new Error(`${name} failed at ${task}: ${failure}`);
      return result;
    },
    stop: () => stop(child),
  };
}

/** The next message of a process; its end is a failure. */
async function messageOf(child, name) {
  const ended = new AbortController();
  const onExit = () => ended.abort(new Error(`The process of ${name} ended.`));
  child.once('exit', onExit);
  try {
    const [message] = await once(child, 'message', { signal: ended.signal });
    return message;
  } catch (error) {
    throw ended.signal.reason ?? error;
  } finally {
    child.off('exit', onExit);
  }
}

async function stop(child) {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}
