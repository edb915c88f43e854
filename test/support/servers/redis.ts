import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { Redis } from 'ioredis';

type Describe = (name: string, specs: () => void) => void;

const { REDIS_URL, CI } = process.env;
const hasServer = spawnSync('redis-server', ['--version']).status === 0;
const isMissing = !hasServer && REDIS_URL === undefined;

/** `describe` for specs that need Redis. Without one they are skipped, except in CI, where they fail. */
export const describeWithRedis: Describe = (name, specs) => describeIf(!isMissing, name, specs);

/** The same for specs that need a server of their own, because they kill it, or change its settings. */
export const describeWithOwnRedis: Describe = (name, specs) => describeIf(hasServer, name, specs);

function describeIf(isThere: boolean, name: string, specs: () => void): void {
  if (isThere) return describe(name, specs);
  const remedy = 'Install redis-server. For most specs REDIS_URL does, too.';
  if (CI === 'true') throw new Error(`"${name}" needs Redis. ${remedy}`);
  process.stderr.write(`Skipped, because there is no Redis: "${name}". ${remedy}\n`);
  return describe.skip(name, specs);
}

/** A Redis for the specs of one file. All keys begin with `prefix`. */
export interface TestRedis {
  readonly url: string;
  readonly prefix: string;
  /** A client for looking into Redis. */
  readonly client: Redis;
}

/** Takes the server of `REDIS_URL`, or starts one before the specs of a file. Afterwards, only keys of the file are deleted. */
export function useRedis(): TestRedis {
  const prefix = `nestjs-wxpay-${randomUUID()}`;
  let server: RedisServer | undefined;
  let client: Redis;
  let url: string;

  beforeAll(async () => {
    if (isMissing) return;
    server = REDIS_URL === undefined ? await RedisServer.start() : undefined;
    url = REDIS_URL ?? server?.url ?? '';
    client = new Redis(url);
  });
  afterAll(async () => {
    if (isMissing) return;
    for await (const keys of client.scanStream({ match: `${prefix}*`, count: 1_000 })) {
      if (keys.length > 0) await client.unlink(keys);
    }
    await client.quit();
    await server?.stop();
  });

  return {
    prefix,
    get url() {
      return url;
    },
    get client() {
      return client;
    },
  };
}

/** A process of Redis with a directory of its own, which may be killed and started again on the same data. */
export class RedisServer {
  readonly url: string;
  readonly #port: number;
  readonly #directory: string;
  readonly #settings: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, directory: string, settings: readonly string[]) {
    this.url = `redis://127.0.0.1:${port}`;
    this.#port = port;
    this.#directory = directory;
    this.#settings = settings;
  }

  /** @param settings arguments of `redis-server`, such as `--appendonly yes` */
  static async start(...settings: readonly string[]): Promise<RedisServer> {
    const directory = await mkdtemp(join(tmpdir(), 'nestjs-wxpay-redis-'));
    const server = new RedisServer(await freePort(), directory, settings);
    await server.restart();
    return server;
  }

  /** Starts a Redis Cluster of one node. */
  static async startCluster(): Promise<RedisServer> {
    const settings = { enabled: 'yes', port: `${await freePort()}`, 'announce-ip': '127.0.0.1' };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--cluster-${name}`, value]);
    const server = await RedisServer.start(...args);
    const client = new Redis(server.url);
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await pause(25);
    client.disconnect();
    return server;
  }

  /** Starts the process, and waits until it has read its data. */
  async restart(): Promise<void> {
    const args = ['--port', `${this.#port}`, '--bind', '127.0.0.1', '--dir', this.#directory, '--save', ''];
    this.#process = spawn('redis-server', [...args, ...this.#settings], { stdio: 'ignore' });
    for (let tries = 0; !(await answers(this.#port)); tries++) {
      if (tries > 400 || this.#process.exitCode !== null) throw new Error('redis-server did not start.');
      await pause(25);
    }
  }

  /** Ends the process as a crash does. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  /** Changes a setting while the server runs. */
  async configure(name: string, value: string): Promise<void> {
    const client = new Redis(this.url);
    await client.config('SET', name, value);
    client.disconnect();
  }

  /** Stops the process without ending it: connections stay open, and nothing is answered. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Tells whether the server answers a PING with a PONG: while it reads its data, it answers LOADING. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.on('error', () => end(false));
    socket.on('data', (data) => end(data.toString().startsWith('+PONG')));
  });
}
