import type { ArgumentsHost } from '@nestjs/common';

/** Members of Socket.IO and native WebSocket clients; neither package is a dependency. */
interface WsClient {
  readonly readyState?: unknown;
  readonly emit?: (event: string, payload: unknown) => unknown;
  readonly send?: (message: string) => unknown;
}

type Acknowledge = (payload: unknown) => unknown;

const OPEN = 1;

/**
 * Sends an `exception` event to the client of a WebSocket gateway, as Nest's own filter does. A Socket.IO client that
 * requested an acknowledgement receives the payload there too; otherwise it would wait for ever.
 */
export function emitException(host: ArgumentsHost, payload: unknown): void {
  const client = host.switchToWs().getClient<WsClient>();
  // A native WebSocket has an `emit` as well, but it reaches local listeners only.
  if (typeof client.readyState === 'number') {
    if (client.readyState === OPEN) client.send?.(JSON.stringify({ event: 'exception', data: payload }));
    return;
  }
  client.emit?.('exception', payload);
  const acknowledge = host.getArgs<unknown[]>().find(isAcknowledge);
  acknowledge?.(payload);
}

function isAcknowledge(argument: unknown): argument is Acknowledge {
  return typeof argument === 'function';
}
