import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);
/** Folder of Debian's packages, which put only clients on the PATH. */
const DEBIAN = '/usr/lib/postgresql';
const folder = findFolder();

/** True if this machine has the programs of a PostgreSQL server. */
export const hasPostgresServer = folder !== undefined;

/** PostgreSQL refuses to run as root: root starts it as the user `nobody`. */
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
/** No sync: what a test kills is the server, not the machine. */
const SETTINGS = [
  'fsync=off',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=60',
];

/** A PostgreSQL with a directory of its own, which may be killed and started again on the same data. */
export class PostgresServer {
  readonly url: string;
  readonly #port: number;
  readonly #directory: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, directory: string) {
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    this.#port = port;
    this.#directory = directory;
  }

  static async start(): Promise<PostgresServer> {
    const directory = await mkdtemp(join(tmpdir(), 'nestjs-wxpay-postgres-'));
    if (user.uid !== undefined) await chown(directory, user.uid, user.gid);
    const args = ['-D', directory, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    await run(join(folder ?? '', 'initdb'), args, { ...user, cwd: directory });
    const server = new PostgresServer(await freePort(), directory);
    await server.restart();
    return server;
  }

  /** Starts the process, and waits until it has recovered its data. */
  async restart(): Promise<void> {
    const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
    const args = ['-D', this.#directory, '-p', `${this.#port}`, ...settings];
    for (let tries = 0; !(await this.#answers()); tries++) {
      if (tries > 400) throw new Error('PostgreSQL did not start.');
      // It ends at once while processes of a killed server are still ending.
      if (tries === 0 || this.#hasEnded()) {
        this.#process = spawn(join(folder ?? '', 'postgres'), args, {
          ...user,
          cwd: this.#directory,
          stdio: 'ignore',
        });
      }
      await pause(50);
    }
  }

  /** Ends the process as a crash does. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || this.#hasEnded()) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child !== undefined && !this.#hasEnded()) {
      const exit = once(child, 'exit');
      // Disconnects the clients, and waits for all of its processes.
      child.kill('SIGQUIT');
      await exit;
    }
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 20 });
  }

  #hasEnded(): boolean {
    return this.#process?.exitCode !== null || this.#process.signalCode !== null;
  }

  async #answers(): Promise<boolean> {
    if (this.#process === undefined) return false;
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      // It does not listen yet, or recovers its data.
      return false;
    }
  }
}

/** Finds the folder of `initdb` and `postgres`: on the PATH, or the newest of Debian's. */
function findFolder(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
  ];
  return folders.find((each) => ['initdb', 'postgres'].every((name) => existsSync(join(each, name))));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
