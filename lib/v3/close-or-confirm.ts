import { performance } from 'node:perf_hooks';
import type { CallOptions } from '../domain/call-options.js';
import { WxPayApiError } from '../errors/wxpay-api-error.js';
import type { V3Close } from './operation.js';
import type { V3Client } from './v3.client.js';

export interface Close<Input> {
  readonly client: V3Client;
  readonly operation: V3Close<Input>;
  readonly input: Input;
  readonly options: CallOptions & { readonly timeoutMs: number };
  /** Asks, with a verified query, whether it is closed. */
  readonly isClosed: (options: CallOptions) => Promise<boolean>;
}

/**
 * Closes an order, and takes "already closed" for a close that is done, if it is true.
 *
 * Nothing but TLS vouches for an unsigned refusal, so a verified query decides then, in the time that is left.
 */
export async function closeOrConfirm<Input>({
  client,
  operation,
  input,
  options,
  isClosed,
}: Close<Input>): Promise<void> {
  const endsAt = performance.now() + options.timeoutMs;
  try {
    await client.execute(operation, input, options);
  } catch (error) {
    if (!(error instanceof WxPayApiError) || !operation.alreadyDone.includes(error.code)) throw error;
    if (error.signed) return;
    const timeoutMs = Math.max(1, endsAt - performance.now());
    if (!(await isClosed({ ...options, timeoutMs }))) throw error;
  }
}
