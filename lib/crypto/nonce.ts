import { randomUUID } from 'node:crypto';

/** Makes 32 hexadecimal characters from the cryptographic random source. */
export function createNonce(): string {
  return randomUUID().replaceAll('-', '');
}
