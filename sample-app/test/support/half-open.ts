import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Opens a connection, sends a part of a request, or nothing, and leaves it at that. */
export async function openHalf(port: number, part: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  // A connection that is cut may be reset.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (part !== '') await new Promise((resolve) => socket.write(part, resolve));
  return socket;
}
