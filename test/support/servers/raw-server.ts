import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Answers one request. */
export type RawAnswer = (response: ServerResponse, request: IncomingMessage) => void;

/** An HTTP server whose every reply a test writes itself, byte by byte if it wants to. */
export interface RawServer {
  readonly url: string;
  /** Connections that are open. */
  readonly sockets: ReadonlySet<Socket>;
  /** How many requests came. */
  readonly requests: number;
  /** Lets requests be answered so from now on. */
  answer(answer: RawAnswer): void;
  stop(): void;
}

export async function startRawServer(): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let requests = 0;
  let answer: RawAnswer = (response) => void response.end();
  const server = createServer((request, response) => {
    requests++;
    answer(response, request);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    sockets,
    get requests() {
      return requests;
    },
    answer: (next) => void (answer = next),
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
