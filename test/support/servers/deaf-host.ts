import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

/** A host to which no connection is ever made, as behind a firewall that drops packets. */
export interface DeafHost {
  readonly url: string;
  stop(): void;
}

/** Listens with the shortest queue of connections, and accepts none: its event loop stands still. */
const LISTENER = `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    // In one go: were its loop to turn once more, it would accept connections and make room for others.
    require('node:fs').writeSync(1, server.address().port + '\\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
/** The connections that its queue holds: one more than the backlog. */
const HELD = 2;
const FILLERS = 8;

/** Starts one on this machine. Once its queue is full, the system drops the packets of further connections. */
export async function startDeafHost(): Promise<DeafHost> {
  const listener = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(listener.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  const fillers = Array.from({ length: FILLERS }, () =>
    connect(port, '127.0.0.1').on('error', () => undefined),
  );
  await new Promise<void>((resolve) => {
    let connected = 0;
    for (const each of fillers) each.once('connect', () => ++connected === HELD && resolve());
  });
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      for (const each of fillers) each.destroy();
      listener.kill('SIGKILL');
    },
  };
}
