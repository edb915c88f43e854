import { createTransport } from '../transport/create-transport.js';
import type { ContainerState } from './container-state.js';
import { createV2Apis, createV3Apis } from './create-apis.js';
import type { MerchantInternals } from './merchant.js';
import type { ResolvedOptions } from './resolve-options.js';

const now = (): number => Date.now();

/** Creates the transport and the APIs of a merchant: every registration, at start-up or later, ends here. */
export function createInternals(
  name: string,
  options: ResolvedOptions,
  { healths, closing, ...shared }: ContainerState,
): MerchantInternals {
  const health = healths.for(options);
  const { transport, closeConnections } = createTransport({
    ...options,
    clientCertificate: options.api === 'v2' ? options.clientCertificate : undefined,
    health,
  });
  const parts = { transport, now, ...shared };
  return {
    ...(options.api === 'v2' ? createV2Apis(name, options, parts) : createV3Apis(name, options, parts)),
    mchid: options.mchid,
    api: options.api,
    hosts: options.hosts,
    currentHost: () => health.current(options.hosts),
    now,
    closing: () => closing.signal,
    async close() {
      await transport.drain();
      closeConnections();
    },
  };
}
