import { networkInterfaces } from 'node:os';

/** Returns the address of this machine in its network, IPv4 if it has one; the loopback address if it has no network. */
export function ownAddress(): string {
  const external = Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses)
    .filter(({ internal }) => !internal);
  const found = external.find(({ family }) => family === 'IPv4') ?? external[0];
  return found?.address ?? '127.0.0.1';
}
