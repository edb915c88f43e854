import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('run-main.mjs', import.meta.url));

/** The sample in a process of its own, as `npm start` runs it. */
export interface SampleProcess extends AsyncDisposable {
  readonly port: number;
  /** Sends SIGTERM and waits for the end. @returns the exit code, and how long it took */
  terminate(): Promise<{ readonly code: number | null; readonly afterMs: number }>;
}

export async function startProcess(env: NodeJS.ProcessEnv): Promise<SampleProcess> {
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, ...env, PORT: '0' } });
  const ended = once(child, 'exit') as Promise<[code: number | null]>;
  const port = await portIn(child.stdout);
  child.stdout.resume();
  child.stderr.resume();
  return {
    port,
    async terminate() {
      const startedAt = performance.now();
      child.kill('SIGTERM');
      const [code] = await ended;
      return { code, afterMs: performance.now() - startedAt };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The log says where the OpenAPI page is once the app listens. */
async function portIn(output: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface(output)) {
    const port = /http:\/\/localhost:(\d+)\/docs/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error('The sample ended before it listened.');
}
