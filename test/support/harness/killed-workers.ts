import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PROCESSES = 'test/support/processes';

/** Processes that work on tracked orders, and are killed. */
export class KilledWorkers {
  readonly #folder: string;
  readonly #terms: object;
  readonly #running: ChildProcess[] = [];

  private constructor(folder: string, terms: object) {
    this.#folder = folder;
    this.#terms = terms;
  }

  /** Compiles the package. @param terms passed on to each process */
  static async build(terms: object): Promise<KilledWorkers> {
    const { stdout } = await promisify(execFile)(process.execPath, [join(PROCESSES, 'build-lib.mjs')]);
    return new KilledWorkers(stdout, terms);
  }

  /** File in which the handlers of all processes note the keys of their events. */
  get table(): string {
    return join(this.#folder, 'told');
  }

  /** Keys of all events, in the order in which they were told. */
  get told(): readonly string[] {
    return linesOf(this.table);
  }

  /** Keys of all events that a handler was called with, if the terms have `hangingCalls`, the number of the first calls that hang. */
  get calls(): readonly string[] {
    return linesOf(`${this.table}.calls`);
  }

  start(): void {
    const { table } = this;
    const terms = JSON.stringify({ folder: this.#folder, table, ...this.#terms });
    this.#running.push(fork(join(PROCESSES, 'tracking-worker.mjs'), [terms], { execArgv: [] }));
  }

  /** Kills the process at that position, and starts another. */
  async kill(index: number): Promise<void> {
    const [child] = this.#running.splice(index % this.#running.length, 1);
    if (child === undefined) return;
    await end(child);
    this.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map(end));
    await rm(join(this.#folder, '..'), { recursive: true, force: true });
  }
}

function linesOf(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
